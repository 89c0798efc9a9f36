import { describe, expect, it } from 'vitest';
import { packageIndexVariables, parsePipSettings } from '../../../infra/install/package-index-settings.ts';

const always = () => true;

describe('parsePipSettings', () => {
  it('reads the output of pip config list, where the environment stands above the files', () => {
    const listing = [
      ":env:.index-url='https://mirror.example/simple'",
      "global.index-url='https://other.example/simple'",
      "global.cert='/etc/ssl/company.pem'",
      "install.find-links='/wheels https://wheels.example/'",
      "freeze.timeout='10'",
      'noise',
    ].join('\n');
    expect(Object.fromEntries(parsePipSettings(listing))).toEqual({
      'index-url': 'https://mirror.example/simple',
      cert: '/etc/ssl/company.pem',
      'find-links': '/wheels https://wheels.example/',
    });
  });
});

describe('packageIndexVariables', () => {
  it('tells uv what pip was told', () => {
    const pip = parsePipSettings(
      ":env:.index-url='https://mirror.example/simple'\n:env:.cert='/c.pem'\n:env:.default-timeout='180'\n:env:.find-links='/a /b'",
    );
    expect(packageIndexVariables(pip, {}, always)).toEqual({
      UV_DEFAULT_INDEX: 'https://mirror.example/simple',
      SSL_CERT_FILE: '/c.pem',
      UV_HTTP_TIMEOUT: '180',
      UV_FIND_LINKS: '/a,/b',
    });
  });

  it('leaves alone what the user has set for uv, under its old name too', () => {
    const pip = new Map([['index-url', 'https://pip.example']]);
    expect(packageIndexVariables(pip, { UV_DEFAULT_INDEX: 'https://uv.example' }, always)).toEqual({});
    expect(packageIndexVariables(pip, { UV_INDEX_URL: 'https://uv.example' }, always)).toEqual({});
  });

  it('drops a folder of wheels that is not there, which uv refuses and pip does not', () => {
    const pip = new Map([['find-links', '/gone']]);
    expect(packageIndexVariables(pip, {}, () => false)).toEqual({});
  });
});
