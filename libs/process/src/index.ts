export { aborted, runServiceProcess, type LogValues, type ServiceProcess } from './service-main.ts';
export { logOptions } from './log-options.ts';
export { processClock } from './process-clock.ts';
