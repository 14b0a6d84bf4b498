import { openClient, RunService, StudyService, type ServiceClient } from '@weft/wire';

/** A connection to a coordinator: its studies, and the runs that execute their trials. */
export type StudyClient = ServiceClient<typeof StudyService> & Pick<ServiceClient<typeof RunService>, 'getRun'>;

/** A client for the coordinator at `address`. Connects at the first call. */
export function openStudyClient(address: string): StudyClient {
  const studies = openClient(StudyService, { address });
  const runs = openClient(RunService, { address });
  return {
    ...studies,
    getRun: runs.getRun,
    close: () => {
      studies.close();
      runs.close();
    },
  };
}
