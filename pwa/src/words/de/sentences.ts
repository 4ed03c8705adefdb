import type { Sentences } from '../said.ts';

/** What the server says, by the codes of its sentences. */
export const sentences: Sentences = {
  'status/new': 'Wartet auf den ersten Abruf.',
  'status/archive': 'Ein Archiv: Die E-Mails gibt es nur hier.',
  'status/paused': 'Angehalten: Der Mailserver wird nicht abgefragt, und Änderungen warten so lange.',
  'status/first': 'E-Mails werden abgerufen.',
  'status/first/progress': {
    one: 'E-Mails werden abgerufen: {stored} von {count} Nachricht.',
    other: 'E-Mails werden abgerufen: {stored} von {count} Nachrichten.',
  },
  'status/fetching': 'Neue E-Mails werden abgerufen.',
  'status/fetching/progress': {
    one: 'Neue E-Mails werden abgerufen: {stored} von {count} Nachricht.',
    other: 'Neue E-Mails werden abgerufen: {stored} von {count} Nachrichten.',
  },
  'status/next-part': 'Der nächste Teil folgt gleich.',
  'status/interrupted': 'Der letzte Abruf wurde unterbrochen; beim nächsten geht es weiter.',
  'status/interrupted/progress': {
    one: 'Der letzte Abruf wurde bei {stored} von {count} Nachricht unterbrochen; beim nächsten geht es weiter.',
    other:
      'Der letzte Abruf wurde bei {stored} von {count} Nachrichten unterbrochen; beim nächsten geht es weiter.',
  },
  'status/so-far': {
    one: '{stored} von {count} Nachricht ist da.',
    other: '{stored} von {count} Nachrichten sind da.',
  },
  'status/ok': 'Auf dem neuesten Stand.',
  'status/unreadable': {
    one: '{count} Nachricht konnte nicht gelesen werden und ist auf dem Server geblieben.',
    other: '{count} Nachrichten konnten nicht gelesen werden und sind auf dem Server geblieben.',
  },
  'status/doubtful':
    'Der Server zeigt viel weniger Nachrichten als bisher; hier wird nichts entfernt, bevor er ein zweites Mal gefragt wurde.',
  'status/not-deleted': 'Solange nicht alle gelesen werden können, wird dort nichts gelöscht.',
  'status/frozen/reset':
    'Seit dem {date} wird auf dem Server nichts gelöscht, weil er seine Nachrichten neu nummeriert hat.',
  'status/frozen/loss':
    'Seit dem {date} wird auf dem Server nichts gelöscht, weil er viel weniger Nachrichten zeigt als bisher.',
  'status/frozen/reset/mailbox':
    'Seit dem {date} wird auf dem Server nichts gelöscht, weil er den Ordner „{mailbox}“ neu nummeriert hat.',
  'status/frozen/loss/mailbox':
    'Seit dem {date} wird auf dem Server nichts gelöscht, weil er im Ordner „{mailbox}“ viel weniger Nachrichten zeigt als bisher.',
  'status/frozen/missing-blob':
    'Seit dem {date} wird auf dem Server nichts gelöscht, weil hier eine Nachricht fehlt.',
  'status/frozen/checksum':
    'Seit dem {date} wird auf dem Server nichts gelöscht, weil eine hier gespeicherte Nachricht beschädigt ist.',
  'status/frozen/mismatch':
    'Seit dem {date} wird auf dem Server nichts gelöscht, weil dort statt einer gespeicherten eine andere Nachricht ist.',

  'advice/password':
    'Bitte das Passwort in den Einstellungen dieses Kontos neu eingeben. Manche Anbieter verlangen ein App-Passwort.',
  'advice/sealed': 'Bitte das Passwort in den Einstellungen dieses Kontos neu eingeben.',
  'advice/sign-in': 'Bitte bei {provider} neu anmelden.',
  'advice/public-name':
    'Bitte in den Einstellungen dieses Kontos den öffentlichen Namen des Mailservers eingeben.',
  'advice/name': 'Bitte den Servernamen in den Einstellungen dieses Kontos prüfen.',
  'advice/server': 'Bitte Servernamen und Port in den Einstellungen dieses Kontos prüfen.',
  'advice/security': 'Bitte Port und Verschlüsselung in den Einstellungen dieses Kontos prüfen.',
  'advice/provider':
    'Das geht schon eine Weile so. Bitte beim Anbieter dieses Postfachs nachfragen, ob etwas nicht stimmt.',
  'advice/operator':
    'Das geht schon eine Weile so. Bitte der Person Bescheid geben, die dieses Mailferry betreibt.',
  'advice/others':
    'Bitte andere Programme schließen, die dieses Postfach lesen, oder sie seltener abrufen lassen.',
  'advice/set-up': 'Bitte die Person fragen, die dieses Mailferry betreibt: Es muss eingerichtet werden.',
  'advice/unfreeze':
    'Wenn hier nichts fehlt, kann das Löschen in den Einstellungen dieses Kontos wieder erlaubt werden.',

  sealed: 'Das gespeicherte Passwort lässt sich nicht mehr öffnen.',
  configuration: 'Diesem Mailferry fehlt eine Einstellung, die dieses Konto braucht.',
  protocol: 'Der Mailserver hat etwas geantwortet, womit Mailferry nichts anfangen kann.',
  internal: 'Beim Abrufen ist hier etwas schiefgegangen. Es wird noch einmal versucht.',
  'authentication/token':
    '{place} hat die Erlaubnis für Mailferry abgelehnt. Bitte beim Anbieter neu anmelden.',
  'authentication/provider':
    '{provider} lässt Mailferry nicht mehr hinein. Bitte bei {provider} neu anmelden.',
  'authentication/no-oauth':
    '{place} nimmt keine Anmeldung über den Anbieter an. Bitte ein Passwort verwenden, wenn es dort eines für Apps gibt.',
  'authentication/no-password':
    '{place} nimmt kein Passwort an. Bitte über den Anbieter anmelden, wo das angeboten wird.',
  'tls/not-trusted':
    'Das Zertifikat von {place} ist von keiner bekannten Stelle unterschrieben; es könnte auch jemand anderes sein.',
  'tls/expired': 'Das Zertifikat von {place} ist abgelaufen. Der Betreiber muss es erneuern.',
  'tls/not-yet': 'Das Zertifikat von {place} ist noch nicht gültig.',
  'tls/revoked': 'Das Zertifikat von {place} wurde zurückgezogen.',
  'tls/other-name':
    'Das Zertifikat von {place} gehört zu einem anderen Namen als {host}. Bitte den Servernamen eingeben, den der Anbieter nennt.',
  'tls/no-tls':
    '{place} spricht an diesem Port kein TLS. Bitte STARTTLS, keine Verschlüsselung oder einen anderen Port wählen.',
  'tls/no-tls-after-starttls':
    '{place} spricht nach STARTTLS kein TLS. Bitte TLS oder einen anderen Port wählen.',
  'tls/from-the-start': '{place} erwartet TLS von Anfang an. Bitte für diesen Port TLS wählen.',
  'tls/no-starttls': '{place} bietet kein STARTTLS an. Bitte TLS mit dessen Port wählen.',
  'tls/required':
    '{place} nimmt ein Passwort nur über eine verschlüsselte Verbindung an. Bitte TLS oder STARTTLS wählen.',
  'protocol/pop-not-imap':
    '{place} spricht POP, nicht IMAP. Bitte POP oder den IMAP-Port dieses Servers wählen.',
  'protocol/sends-mail':
    '{place} ist zum Senden von E-Mails da, nicht zum Lesen. Bitte den IMAP-Port dieses Servers eingeben.',
  'protocol/no-names':
    '{host} gibt seinen Nachrichten keine dauerhaften Namen (weder UIDL noch TOP); neue lassen sich nicht von alten unterscheiden. Bitte IMAP verwenden, wenn es das dort gibt.',
  'temporary/in-use':
    'Das Postfach bei {host} wird gerade von einem anderen Programm benutzt. Später wird es noch einmal versucht.',
  'temporary/full': 'Das Postfach bei {host} ist voll.',
  'quota/day':
    'Die {megabytes} MB, die {provider} am Tag erlaubt, sind für heute verbraucht; morgen um {time} UTC geht es weiter. Neue E-Mails kommen trotzdem.',
  'quota/day-of-ours':
    'Die {megabytes} MB, die Mailferry am Tag aus einem Postfach abruft, sind für heute verbraucht; morgen um {time} UTC geht es weiter. Neue E-Mails kommen trotzdem.',
  'configuration/provider': 'Die Anmeldung bei {provider} ist in diesem Mailferry nicht eingerichtet.',
  'test/ok': 'Es funktioniert.',
  'test/ok/found': {
    one: 'Es funktioniert: {count} Nachricht.',
    other: 'Es funktioniert: {count} Nachrichten.',
  },
  'test/ok/mailboxes': {
    one: 'Sie sind in {count} Ordner.',
    other: 'Sie sind in {count} Ordnern.',
  },
  'test/archive': 'Ein Archiv hat keinen Server: Es gibt nichts zu testen.',
  'test/token-used':
    '{provider} hat die Anmeldung inzwischen erneuert. Bitte vor dem Speichern neu bei {provider} anmelden.',

  'discovery/none': 'Für diese Adresse wurde weder ein IMAP- noch ein POP-Server gefunden.',
  'discovery/pop-only':
    'Dieser Server bietet nur POP: den Posteingang ohne Ordner und Lesemarkierungen. Die E-Mails bleiben auf dem Server, wenn kein Platz geschaffen werden soll.',
  'discovery/imap-only':
    'Dieser Server bietet nur IMAP: Ordner und Lesemarkierungen bleiben mit anderen Programmen und Geräten im Gleichstand.',
  'discovery/pop-answered':
    'Für diese Adresse sind IMAP und POP genannt, aber nur der POP-Server hat geantwortet. POP bringt den Posteingang ohne Ordner und Lesemarkierungen; wer mehrere Programme benutzt, versucht es später noch einmal mit IMAP.',
  'discovery/imap':
    'IMAP hält Ordner und Lesemarkierungen mit anderen Programmen und Geräten im Gleichstand und lässt die E-Mails auf dem Server. POP ist richtig, wenn Mailferry den Server leeren soll.',
  'discovery/answered': '{host} hat über eine verschlüsselte Verbindung mit gültigem Zertifikat geantwortet.',
  'discovery/condstore':
    'Er sagt mit wenig Aufwand, was sich geändert hat; Lesemarkierungen kommen mit dem nächsten Abruf.',
  'discovery/special-use': 'Er sagt, welche Ordner Gesendet, Entwürfe, Spam und Papierkorb sind.',
  'discovery/quota': 'Er sagt, wie voll das Postfach ist.',
  'discovery/unconfirmed':
    '{host} (Port {port}) war gerade nicht erreichbar; diese Einstellungen sind also nicht bestätigt.',
  'discovery/guessed':
    'Niemand nennt {host} für diese Adresse; der Server wurde unter den üblichen Namen gefunden. Bitte beim Anbieter nachsehen, ob er richtig ist.',
  'discovery/no-uidl':
    'Dieser POP-Server kann neue Nachrichten vielleicht nicht von alten unterscheiden (UIDL).',
  'discovery/takes-no-mail': 'Die Domain {domain} sagt im DNS, dass sie keine E-Mails annimmt.',
  'discovery/foreign':
    '{domain} nennt den Server {host}, der nicht zu dieser Domain gehört. Bitte vor der Eingabe des Passworts prüfen, ob er vom Anbieter ist.',
  'discovery/odd-port':
    'Für {protocol} wurde der Server {host} am ungewöhnlichen Port {port} genannt; er wurde nicht angesehen. Wenn der Anbieter ihn nennt, bitte selbst eingeben.',
  'discovery/not-encrypted':
    '{host} ist für Verbindungen ohne Verschlüsselung genannt. Die werden nicht vorgeschlagen: Unterwegs könnten andere das Passwort lesen.',
  'discovery/no-domain': 'Die Domain {domain} gibt es nicht. Bitte die Schreibweise der Adresse prüfen.',
  'discovery/not-asked':
    'Die Nameserver konnten gerade nicht nach {domain} gefragt werden. Bitte später noch einmal versuchen oder den Server eingeben, den der Anbieter nennt.',
  'discovery/late':
    'Für {domain} hat kein Mailserver rechtzeitig geantwortet. Bitte später noch einmal versuchen oder den Server eingeben, den der Anbieter nennt.',
  'discovery/not-found':
    'Für {domain} wurde kein Mailserver gefunden. Bitte den Server eingeben, den der Anbieter nennt.',

  'provider/app-password':
    '{provider} verlangt hier ein App-Passwort, das in den Einstellungen des Kontos bei {provider} für Mailferry erstellt wird.',
  'provider/app-password/two-factor':
    'Bei der Anmeldung in zwei Schritten verlangt {provider} hier ein App-Passwort.',
  'provider/app-password/administrator':
    '{provider} nimmt das normale Passwort nur auf den eigenen Seiten an: Bitte ein App-Passwort verwenden, wenn die Verwaltung es erlaubt.',
  'provider/authorisation-code':
    '{provider} verlangt hier statt des Passworts einen Autorisierungscode, der in den Einstellungen erstellt wird.',
  'provider/own-password':
    '{provider} verlangt hier das eigene E-Mail-Passwort, nicht das für die Anmeldung auf der Website.',
  'provider/mail-key': '{provider} verlangt hier einen „Secure Mail Key“ statt des normalen Passworts.',
  'provider/allow':
    'Mailprogramme müssen einmal in den Einstellungen von {provider} erlaubt werden, bevor sie sich anmelden können.',
  'provider/turn-on':
    'IMAP und POP müssen in den Einstellungen von {provider} eingeschaltet werden; manche kostenlosen Tarife haben beides nicht.',
  'provider/paying': 'Bei {provider} dürfen nur zahlende Kunden Mailprogramme benutzen.',
  'provider/no-password':
    'Microsoft nimmt von Mailprogrammen kein Passwort an, nur eine Anmeldung auf der eigenen Seite, und POP muss in den Einstellungen von {provider} erlaubt werden.',
  'provider/no-password/administrator':
    'Microsoft nimmt von Mailprogrammen kein Passwort an, nur eine Anmeldung auf der eigenen Seite, und die Verwaltung hat IMAP und POP vielleicht abgeschaltet.',
  'provider/local-part': 'Als Benutzernamen bitte den Teil vor dem @ der Adresse bei {provider} eingeben.',
  'provider/control-panel':
    'Für Exchange und Email Pro von {provider} bitte den Server eingeben, den die Verwaltungsseite nennt, etwa {host}.',
  'provider/bridge':
    '{provider} lässt sich nur über {bridge} lesen, ein Programm auf dem eigenen Computer. Mailferry erreicht es nur, wenn es auf demselben Computer läuft.',
  'provider/closed':
    '{provider} bietet weder IMAP noch POP; diese E-Mails lassen sich nur mit den eigenen Apps lesen.',
  'help/about': 'Über {what}',
  'help/app-password': 'App-Passwort bei {provider} erstellen',
  'help/password': 'E-Mail-Passwort bei {provider} festlegen',
  'help/authorisation-code': 'Autorisierungscode bei {provider} erstellen',
  'help/allow': 'Mailprogramme bei {provider} erlauben',
  'help/imap': 'IMAP bei {provider} einschalten',
  'help/pop': 'POP bei {provider} einschalten',
  'help/settings': 'Servereinstellungen von {provider}',
  'help/programs': 'Mailprogramme bei {provider}',

  'job/missing-file': 'Die hochgeladene Datei ist nicht mehr da. Bitte noch einmal hochladen.',
  'job/not-readable': 'Das ist kein zip-Archiv oder kein vollständiges.',
  'job/zip-bomb': 'Entpackt wäre dieses Archiv unverhältnismäßig groß.',
  'job/no-mailbox': 'Den Ordner, in den importiert werden sollte, gibt es nicht mehr.',
  'job/internal': 'Das wurde oft versucht und hat nicht funktioniert. Bitte neu starten.',

  'message/authentication': 'Der Mailserver hat den Zugriff auf diese Nachricht verweigert.',
  'message/timeout': 'Der Mailserver hat diese Nachricht nicht rechtzeitig geliefert.',
  'message/protocol': 'Der Mailserver hat diese Nachricht auf eine Weise geliefert, die nicht lesbar ist.',
  'message/temporary': 'Der Mailserver hat diese Nachricht immer wieder auf später verschoben.',
  'message/refused': 'Der Mailserver gibt diese Nachricht nicht heraus.',
  'message/disconnected': 'Bei dieser Nachricht ist die Verbindung zum Mailserver jedes Mal abgebrochen.',
  'message/unreadable': 'Diese Nachricht konnte nicht gelesen werden.',
  'message/interrupted':
    'Mailferry wurde jedes Mal beendet, als es diese Nachricht abrief: Vielleicht ist sie zu groß oder kommt zu langsam.',
  'message/missing': 'Der Mailserver führt diese Nachricht auf, gibt sie aber nicht heraus.',
  'message/too-large':
    'Der Mailserver sagt zu viel über diese Nachricht, um sie aufzunehmen: zu viele Markierungen oder Ordner.',
  'message/too-many-copies': 'Der Mailserver hat diese Nachricht zu oft. Diese Kopie wird ausgelassen.',

  'import/empty': 'Hier ist keine Nachricht.',
  'import/too-large': 'Das ist größer als 150 MB.',
  'import/nul': 'Mailserver nehmen keine Nachricht mit NUL-Bytes an.',
  'import/no-mbox': 'Was hier steht, beginnt nicht mit einer From_-Zeile wie die Nachrichten einer mbox.',
  'import/damaged': 'Diese Datei des Archivs ist beschädigt, jedenfalls ab hier.',
  'import/encrypted': 'Diese Datei des Archivs ist verschlüsselt. Bitte ohne Passwort packen.',
  'import/unsupported': 'Diese Datei des Archivs ist auf eine Weise gepackt, die hier nicht bekannt ist.',

  // What a change of an account or a job is refused with: SetErrors and errors of methods (RFC 8620).
  'set/invalidProperties': 'Bitte diese Angaben prüfen: {fields}.',
  'set/overQuota': 'Mehr geht nicht: Die Grenze des Servers ist erreicht.',
  'set/serverFail': 'Auf dem Server ist etwas schiefgegangen. Bitte noch einmal versuchen.',
  'set/serverUnavailable':
    'Der Server kann das gerade nicht. Bitte in ein paar Minuten noch einmal versuchen.',
  'set/notFound': 'Das gibt es auf dem Server nicht mehr.',
  'set/blobNotFound': 'Die hochgeladene Datei ist nicht mehr da. Bitte noch einmal hochladen.',
  'set/requestTooLarge': 'Das ist für den Server zu groß.',
  'set/sign-in-needed': 'Bitte neu anmelden.',
};
