export { aborted, runServiceProcess, type LogValues, type ServiceProcess } from './service-main.ts';
