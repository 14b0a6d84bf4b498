import { optionOf, type MaybeSettled, type Option, type OptionSettings, type Reading, type Settled } from './option.ts';

const portRule = 'HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:7070, [::1]:7070 or coordinator:7070';
const pattern = /^(?:\[[0-9a-fA-F:.]+(?:%[\w.-]+)?\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?):(\d{1,5})$/;

/** `unix:` and an absolute path that the system takes for a socket. */
const socketPattern = /^unix:\/[^\0]{1,106}$/;

/** What an address may be beside a host and a port. */
export interface AddressSettings extends OptionSettings {
  /** Also a socket of this machine, `unix:/run/weft.sock`: faster than a port, and nobody reaches it from outside. */
  readonly socket?: boolean;
}

/** A host and a port as one text; an IPv6 address stands in brackets. Port 0 asks the system for a free one. */
export function addressOption(settings: AddressSettings & Settled<string>): Option<string>;
export function addressOption(settings: AddressSettings): Option<string | undefined>;
export function addressOption(settings: AddressSettings & MaybeSettled<string>): Option<string> {
  const rule = settings.socket === true ? `${portRule}, or unix:/PATH of at most 107 characters` : portRule;
  const read = (text: string): Reading<string> => {
    if (settings.socket === true && socketPattern.test(text)) return { ok: true, value: text };
    const port = pattern.exec(text)?.[1];
    return port !== undefined && Number(port) <= 65_535 ? { ok: true, value: text } : { ok: false, rule };
  };
  return optionOf('value', 'HOST:PORT', rule, settings, read);
}
