export { ConnectionEnd, type Ending } from './connection.ts';
export { Draws } from './draws.ts';
export { Link, type LinkSpeed } from './link.ts';
export { Network, type Listener, type NetworkSettings, type Place } from './network.ts';
export { shrink } from './shrink.ts';
export { SimProcess } from './sim-process.ts';
export { SimThread } from './sim-thread.ts';
export { Trace } from './trace.ts';
export { VirtualTime } from './virtual-time.ts';
