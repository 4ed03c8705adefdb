import type { OwnNames } from '../../search/query.ts';
import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# mensaje', many: '# de mensajes', other: '# mensajes' });

export const search = {
  title: 'Búsqueda',
  field: 'Buscar en todo el correo',
  clear: 'Borrar la búsqueda',
  results: 'Resultados de la búsqueda',
  narrow: 'Acotar la búsqueda',
  /** How each suggestion is called; what is typed is in `ownNames`. */
  operators: {
    from: 'De',
    to: 'Para',
    subject: 'Asunto',
    has: 'Con archivo adjunto',
    is: '',
    in: 'En la carpeta',
    before: 'Antes de',
    after: 'Después de',
    account: 'En la cuenta',
  } as Record<string, string>,
  ownNames: [
    ['de', 'from'],
    ['para', 'to'],
    ['a', 'to'],
    ['asunto', 'subject'],
    ['en', 'in'],
    ['antes', 'before'],
    ['después', 'after'],
    ['despues', 'after'],
    ['desde', 'after'],
    ['cuenta', 'account'],
  ] as OwnNames,
  unread: 'No leídos',
  starred: 'Destacados',
  all: (n: number) => `Se ha buscado en ${messages(n)} de este dispositivo.`,
  ready: (n: number) =>
    count(n, {
      one: '# mensaje de este dispositivo se puede encontrar.',
      many: 'Los # de mensajes de este dispositivo se pueden encontrar.',
      other: 'Los # mensajes de este dispositivo se pueden encontrar.',
    }),
  allFound: (found: number, n: number) =>
    `${count(found, {
      one: '# resultado',
      many: '# de resultados',
      other: '# resultados',
    })} en ${messages(n)} de este dispositivo.`,
  partly: (searched: number, total: number) =>
    `Se pueden encontrar por todo su contenido ${digits(searched)} de ${messages(total)} de este dispositivo.`,
  here: (searched: number, total: number) =>
    `Se ha buscado en ${digits(searched)} de ${messages(total)} de este dispositivo.`,
  asking: (searched: number, total: number) =>
    `Se ha buscado en ${digits(searched)} de ${messages(total)} de este dispositivo. Consultando el servidor…`,
  hereAndServer: (searched: number, total: number) =>
    `Se ha buscado en ${digits(searched)} de ${messages(total)} de este dispositivo… y en el servidor.`,
  hereOffline: (searched: number, total: number) =>
    `Se ha buscado en ${digits(searched)} de ${messages(total)} de este dispositivo. Ahora no se puede conectar con el servidor.`,
  opening: 'Abriendo el índice de búsqueda…',
  building: (searched: number, total: number) =>
    `Preparando la búsqueda: ${digits(searched)} de ${messages(total)} de este dispositivo.`,
  serverOnly:
    'Este navegador no guarda aquí un índice de búsqueda, como en una ventana privada. En su lugar busca el servidor.',
  serverOnlyOffline:
    'Este navegador no guarda aquí un índice de búsqueda, y ahora no se puede conectar con el servidor.',
  startTitle: 'Encuentra cualquier mensaje',
  startText:
    'Escribe un nombre, una palabra o el principio de una. Pon entre "comillas" las palabras que van juntas. También valen los nombres en inglés (from:, to:, subject:…).',
  examples: [
    ['de:mara', 'de una persona'],
    ['asunto:"tabla de mareas"', 'con estas palabras en el asunto'],
    ['has:attachment desde:2026-01', 'con un archivo, desde enero de 2026'],
    ['barco -is:read en:archivo', 'no leídos en una carpeta, sobre un barco'],
  ] as [string, string][],
  nothing: 'No se ha encontrado nada',
  nothingText: 'Prueba con menos palabras o más cortas. Basta con el principio de una palabra.',
  nothingYet: 'Por ahora no se ha encontrado nada',
  unknown: (typed: string) => `«${typed}» se ha omitido en la búsqueda: su valor no se reconoce.`,
  held: (n: number) =>
    count(n, {
      one: 'Mostrar # resultado más reciente del servidor',
      many: 'Mostrar # de resultados más recientes del servidor',
      other: 'Mostrar # resultados más recientes del servidor',
    }),
  choose: 'Elige un resultado para leerlo',
};
