/** Notes a problem where a field breaks its rule, which completes "must be ...". */
export type Demand = (holds: boolean, name: string, value: unknown, rule: string) => void;
