import { slugCandidate, slugFromName } from './slug-from-name';
import { slugProblem } from './slug-rules';

describe('slug from name', () => {
  it.each([
    ['Hello', 'hello'],
    ['Hello World!', 'hello-world'],
    ['  My   App  ', 'my-app'],
    ['Crème Brûlée', 'creme-brulee'],
    ['Größe & Maß', 'groesse-and-mass'],
    ['Łódź', 'lodz'],
    ['Smørrebrød', 'smorrebrod'],
    ['Привет мир', 'privet-mir'],
    ['Київ', 'kiyiv'],
    ['Καλημέρα', 'kalimera'],
    ['Türkçe ışık İstanbul', 'tuerkce-isik-istanbul'],
    ['Anna’s café', 'annas-cafe'],
    ['ﬁne ①', 'fine-1'],
    ['a--b', 'a-b'],
    ['xn--80ak6aa92e', 'xn-80ak6aa92e'],
    ['../../etc/passwd', 'etc-passwd'],
    ['🚀', 'app'],
    ['你好', 'app'],
    ['---', 'app'],
    ['x'.repeat(1000), 'x'.repeat(40)],
    [`${'x'.repeat(39)} y`, 'x'.repeat(39)],
  ])('%s → %s', (name, slug) => {
    expect(slugFromName(name)).toBe(slug);
  });

  it.each([
    ['hello', null, 'hello'],
    ['hello', '7k3q', 'hello-7k3q'],
    ['app', null, 'app-app'],
    ['ab', null, 'ab-app'],
    ['x'.repeat(40), '7k3q', `${'x'.repeat(35)}-7k3q`],
    [`${'x'.repeat(34)}-yy`, '7k3q', `${'x'.repeat(34)}-7k3q`],
  ])('candidate of %s with %s is %s', (base, suffix, slug) => {
    expect(slugCandidate(base, suffix)).toBe(slug);
    expect(slugProblem(slug)).toBeNull();
  });
});
