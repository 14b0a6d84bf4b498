import { optionOf, type MaybeSettled, type Option, type OptionSettings, type Reading, type Settled } from './option.ts';

const rule = 'HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:7070, [::1]:7070 or coordinator:7070';
const pattern = /^(?:\[[0-9a-fA-F:.]+(?:%[\w.-]+)?\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?):(\d{1,5})$/;

/** A host and a port as one text; an IPv6 address stands in brackets. Port 0 asks the system for a free one. */
export function addressOption(settings: OptionSettings & Settled<string>): Option<string>;
export function addressOption(settings: OptionSettings): Option<string | undefined>;
export function addressOption(settings: OptionSettings & MaybeSettled<string>): Option<string> {
  const read = (text: string): Reading<string> => {
    const port = pattern.exec(text)?.[1];
    return port !== undefined && Number(port) <= 65_535 ? { ok: true, value: text } : { ok: false, rule };
  };
  return optionOf('value', 'HOST:PORT', rule, settings, read);
}
