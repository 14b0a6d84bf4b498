/** The options for logs, the same for every service. */
import { choiceOption, type Option } from '@weft/options';
import { logLevels, type LogFormat, type LogLevel } from '@weft/telemetry';

/** To be spread into a service's options. */
export const logOptions: { readonly logLevel: Option<LogLevel>; readonly logFormat: Option<LogFormat> } = {
  logLevel: choiceOption({
    summary: 'least severe messages that are logged',
    environment: 'WEFT_LOG_LEVEL',
    choices: logLevels,
    default: 'info',
  }),
  logFormat: choiceOption({
    summary: 'json: one object a line; human: for people',
    environment: 'WEFT_LOG_FORMAT',
    choices: ['json', 'human'],
    default: 'human',
  }),
};
