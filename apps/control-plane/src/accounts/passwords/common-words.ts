/**
 * The words that the lists of leaked passwords are made of. `password-rules.ts` finds them with digits and signs around them, disguised, or two
 * in a row, which covers the leaked passwords of ten characters and more without carrying a list of thousands.
 */
export const commonWords: ReadonlySet<string> = new Set(
  `
  password passwort passwd pass motdepasse contrasena contraseña parola senha wachtwoord haslo secret geheim letmein welcome willkommen bienvenue
  admin administrator root login user username guest test testing tester default changeme change master system server computer internet
  qwerty qwertz azerty asdf zxcv iloveyou love loveyou lovely hello hallo monkey dragon tiger lion eagle falcon panda kitty
  football baseball basketball soccer hockey golf tennis superman batman spiderman starwars pokemon naruto minecraft fortnite
  princess prince queen king angel sunshine shadow michael jennifer jessica ashley daniel jordan charlie thomas andrew joshua matthew robert
  nicole hannah amanda maria anna laura sarah alex max sam jack harley hunter ranger buster pepper ginger cookie cheese banana orange apple
  chocolate coffee summer winter spring autumn fall january february march april june july august september october november december monday
  tuesday wednesday thursday friday saturday sunday whatever trustno trustnoone access killer freedom mustang corvette ferrari porsche mercedes
  money dollar bitcoin google facebook twitter instagram youtube amazon microsoft windows linux ubuntu debian android iphone samsung oracle
  mysql postgres mongodb redis docker github gitlab cisco secure security private public temp temporary demo example sample live prod
  production staging backup database company office business manager london paris berlin madrid moscow newyork chicago dallas boston
  america canada germany france england china india mexico brasil one two three four five six seven eight nine ten abc abcd xyz
  my the is your mine new forever baby babygirl babyboy family friends friend mother father mommy daddy sister brother jesus christ god
  heaven hell devil diamond silver golden gold purple yellow green blue red black white pink rainbow flower butterfly dolphin mickey mouse
  snoopy garfield tigger blink merlin matrix phoenix thunder lightning storm rocket galaxy planet earth moon star stars fire water magic
  berth setup operator account sign signup signin signon please sesame opensesame correcthorsebatterystaple
  `
    .split(/\s+/)
    .filter((word) => word !== ''),
);
