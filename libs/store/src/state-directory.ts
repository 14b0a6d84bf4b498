/** Names in a coordinator's state directory. */

/** The store: runs, epochs, ledger. */
export const storeFileName: string = 'weft.sqlite';

/** Studies, beside the store. */
export const studyStoreFileName: string = 'studies.sqlite';

/** Where the coordinator serves that has the store open, or had it last. */
export const addressFileName: string = 'address';
