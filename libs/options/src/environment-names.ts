/**
 * Every environment variable that Weft reads, in one list, so that a process can tell a misspelt variable from one that is
 * meant for another Weft process.
 */
export const environmentNames = [
  'WEFT_LISTEN',
  'WEFT_HTTP_LISTEN',
  'WEFT_PEER_ADDRESS',
  'WEFT_PEER_LISTEN',
  'WEFT_STATE_DIR',
  'WEFT_HEARTBEAT_TIMEOUT',
  'WEFT_COORDINATOR',
  'WEFT_TRAINER_ID',
  'WEFT_DATA_DIR',
  'WEFT_ENGINE',
  'WEFT_LOG_LEVEL',
  'WEFT_LOG_FORMAT',
  'WEFT_TLS_CA',
  'WEFT_TLS_CERT',
  'WEFT_TLS_KEY',
] as const;

export type EnvironmentName = (typeof environmentNames)[number];
