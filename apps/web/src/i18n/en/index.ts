import auth from './auth.json' with { type: 'json' };
import common from './common.json' with { type: 'json' };
import contacts from './contacts.json' with { type: 'json' };
import inbox from './inbox.json' with { type: 'json' };
import sandbox from './sandbox.json' with { type: 'json' };
import shell from './shell.json' with { type: 'json' };

export const english = { ...common, shell, auth, inbox, contacts, sandbox };
