/** Licences of the models that we know by name, as the model hubs write them. */
const LICENCES: Readonly<Record<string, string>> = {
  'smollm2-135m-instruct': 'apache-2.0',
};

/** Undefined where the user names a folder or a server's model: its licence is theirs to state. */
export const modelLicence = (baseModel: string): string | undefined => LICENCES[baseModel];
