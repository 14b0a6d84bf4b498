/** Addresses to listen on: `host:port`, an IPv6 host in brackets. */
import { WeftError } from '@weft/core';

/** A host name or IP address (without brackets) and a port; port 0 lets the system choose. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const bracketed = /^\[([0-9a-fA-F:.]+(?:%\w+)?)\]:(\d{1,5})$/;
const plain = /^([^\s:[\]]+):(\d{1,5})$/;

/** @throws WeftError `invalid-argument` that names the text and the form it must have. */
export function parseListenAddress(text: string): ListenAddress {
  const match = bracketed.exec(text) ?? plain.exec(text);
  const [, host, digits] = match ?? [];
  if (host === undefined || digits === undefined) {
    const rule = 'host:port, such as 127.0.0.1:7070, 0.0.0.0:7070 or [::1]:7070';
    throw new WeftError('invalid-argument', `listen address "${text}" must have the form ${rule}`);
  }
  const port = Number(digits);
  if (port > 65535) throw new WeftError('invalid-argument', `listen address "${text}": the port must be 0 to 65535`);
  return { host, port };
}

/** The text form, brackets included where the host is an IPv6 address. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}
