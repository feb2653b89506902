package list

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Column is what a column means.
type Column string

// The columns. Of them only Email has to be there.
const (
	Email      Column = "email"
	Name       Column = "name"
	First      Column = "first"
	Last       Column = "last"
	Role       Column = "role"
	State      Column = "status"
	LastActive Column = "active"
	InvitedOn  Column = "invited"
	Paid       Column = "seat"
	// LeftOn and Number are those of people, and read from a list of people alone: when somebody left, and by what they are the
	// same person under another address.
	LeftOn Column = "left on"
	Number Column = "number"
)

// Columns are all of them, in the order in which people are told.
var Columns = []Column{Email, Name, First, Last, Role, State, LastActive, InvitedOn, Paid}

// ofPeople are the columns that a list of people has beside them.
var ofPeople = []Column{LeftOn, Number}

// headers are the headers that mean a column, folded: English, German, French, Spanish and Portuguese.
var headers = map[Column]string{
	Email: "email emailaddress mail mailaddress emailid useremail memberemail workemail primaryemail emailaddresses " +
		"mailadresse emailadresse epost adressemail adresseemail adresseelectronique courriel mel correo correoelectronico " +
		"direcciondecorreo direcciondecorreoelectronico emaildousuario enderecodeemail enderecoemail correioeletronico correioelectronico",
	Name: "name fullname displayname membername vollstandigername anzeigename nom nomcomplet nomprenom nombre nombrecompleto nombreyapellidos " +
		"nome nomecompleto",
	First: "firstname givenname vorname prenom primernombre nombredepila primeironome",
	Last:  "lastname surname familyname nachname familienname nomdefamille apellido apellidos sobrenome ultimonome",
	Role: "role roles userrole usertype accounttype type permission permissions permissionlevel accesslevel access profile " +
		"rolle rollen benutzerrolle berechtigung typ roleutilisateur typedecompte rol funcion tipo tipodecuenta papel funcao perfil permissao",
	State: "status state accountstatus userstatus memberstatus invitationstatus zustand kontostatus statut etat estado situacao estadodelacuenta",
	LastActive: "lastactive lastactivity lastlogin lastseen lastsignin lastaccess lastlogindate lastactivedate lastvisit recentactivity " +
		"letzteaktivitat zuletztaktiv letzteanmeldung letzterlogin dernieractivite derniereactivite derniereconnexion dernieracces " +
		"ultimaactividad ultimoacceso ultimaconexion ultimaatividade ultimoacesso ultimologin",
	InvitedOn: "invited invitedon invitedat invitedate inviteddate invitationdate invitationsent invitesent dateinvited eingeladenam " +
		"einladungsdatum invitele datedinvitation invitadoel fechadeinvitacion convidadoem datadoconvite",
	Paid: "license licence licensed licensestatus seat paidseat paid billable billed lizenz lizenziert bezahlt licencepayee siege " +
		"licencia asiento facturable licenca assento faturavel",
	LeftOn: "lefton leftdate dateleft leavedate leavingdate leaveron terminationdate terminatedon enddate employmentend employmentenddate exitdate lastday " +
		"lastworkingday austritt austrittsdatum ausgetretenam letzterarbeitstag datededepart datedesortie datedefindecontrat fechadebaja fechadesalida fechafin " +
		"datadesaida datadedesligamento datadetermino",
	Number: "employeeid employeenumber employeeno personnelnumber personnelid staffid staffnumber workerid personid personalnummer mitarbeiternummer " +
		"matricule numerodematricule numerodeempleado idempleado matricula numerodefuncionario",
}

// loose are headers under which some lists have addresses and others names: their cells tell which.
const loose = " user username login loginname loginid userid member account benutzer benutzername anmeldename mitglied konto utilisateur " +
	"identifiant membre compte usuario nombredeusuario miembro cuenta usuarios nomedeusuario membro conta "

// statuses are the words for how far somebody is, folded.
var statuses = map[Status]string{
	Active: "active enabled accepted joined registered confirmed verified activated live yes true aktiv aktiviert angenommen actif active " +
		"activee accepte activo activa aceptado activado ativo ativa aceito ativado",
	Invited: "invited pending invitationsent invitesent invitationpending pendinginvitation pendinginvite awaitingacceptance notaccepted " +
		"waiting unconfirmed unverified notjoined neverjoined expiredinvitation invitationexpired eingeladen ausstehend einladunggesendet " +
		"einladungausstehend invite invitee enattente invitationenvoyee invitado invitada pendiente invitacionenviada convidado convidada pendente conviteenviado",
	Off: "inactive disabled deactivated suspended removed deleted blocked archived revoked cancelled canceled expired no false terminated left former inaktiv deaktiviert " +
		"gesperrt ausgetreten ausgeschieden entfernt geloscht archiviert inactif inactive desactive desactivee suspendu supprime parti sorti inactivo inactiva desactivado desactivada " +
		"suspendido eliminado baja desligado desligada bloqueado inativo inativa desativado desativada suspenso removido excluido",
}

// unpaid are the words in a column about paid seats that say that none is.
const unpaid = " no false none free unpaid unlicensed notbilled unassigned 0 n nein keine kostenlos frei non aucun aucune gratuit ninguno ninguna gratis nao nenhum nenhuma gratuito "

// fold is a word as it is compared: small letters without accents, digits, and nothing else.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.ReplaceAll(b.String(), "ß", "ss")
}

// has reports whether a list of words has one.
func has(words, word string) bool {
	return word != "" && strings.Contains(" "+words+" ", " "+word+" ")
}

// statusOf reads a status; a word that nobody here knows says nothing.
func statusOf(text string) Status {
	for _, s := range []Status{Active, Invited, Off} {
		if has(statuses[s], fold(text)) {
			return s
		}
	}
	return Unsaid
}

// Same reports whether two words are one, but for case, accents and what stands between letters.
func Same(a, b string) bool { return fold(a) == fold(b) && fold(a) != "" }

// Folded is a word as Same compares it.
func Folded(s string) string { return fold(s) }
