/*
 * One promise, three workers, one database, one vendor: claim, look, note, act, record.
 *
 * Each step is one transaction or one outward call, and the lines "stands for" name the functions that it stands for
 * (TestTheModelNamesFunctionsThatExist). README.md says in words what is shown and what isn't.
 *
 * Between any two steps a worker may be struck (CRASHES times) or paused until its lease is over (PAUSES times), and FAULTS
 * times something else goes wrong: the answer to a COMMIT is lost, kept or not; the database can't say what became of it; the
 * vendor loses a call, answers into nowhere, refuses for now, hangs or can't be read.
 *
 * Without flags it is the program. Each of NOFENCE, FREEDFENCE, BARENOTE, NOLOOK, ACTFIRST, OWNCLOCK, FORSAKEN and SETTLES takes
 * one thing out of it; SLOW is what it doesn't rule out, and NEVERTWICE claims too much. What spin must say of each
 * stands in .ci/model.sh.
 */

#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef PAUSES
#define PAUSES 2
#endif
#ifndef FAULTS
#define FAULTS 2
#endif

#define N 3
#define NOBODY 3
#define FORMER 4 /* a life that is over: each start draws another owner */

/* The row of the promise, and its outcome. A token is never compared but for being the row's own, so of all numbers there are
 * only two: the row's, and an older one. */
bool owed = true;
byte owner = NOBODY;
bool leased;  /* by the database's clock */
bool claimed; /* somebody began and has written no result since */
bool noted;   /* the vendor was, or is about to be, asked */
byte recorded; /* how often somebody wrote that it is done */

/* What each worker holds (outbox/hold.go Hold): a token, and whether that is still the row's. */
bool knows[N], current[N], latest[N];

/* The vendor: how often it happened, and what is on its way there whose asker went away. */
byte effects, adrift;
mtype = { none, sea, landed, dropped, refused };
mtype call[N] = none;

byte crashes = CRASHES, pauses = PAUSES, faults = FAULTS;

/* What no look could have prevented: that a lease ended between a durable note and the call that it is about; and where a vendor
 * is SLOW, slower than anybody waits for, a call after a look at which another was still on its way. */
byte excused, late;
#ifdef SLOW
bool blind[N];
#endif

mtype = { idle, claiming, looking, noting, askedNote, calling, waiting, unnoting, ending, askedEnd };
mtype pc[N] = idle;
bool kept[N];  /* of a COMMIT whose answer was lost */
bool found[N]; /* the note that the claim found */
bool done[N];  /* the result to record: done, or to be tried again */

#define w _pid

/* stands for: outbox/hold.go Check
 * stands for: store/postgres/ledger.go fence */
#if defined(NOFENCE)
#define ELSEWHERE false
#elif defined(FREEDFENCE)
#define ELSEWHERE (owner != NOBODY && (owner != w || !current[w]))
#else
#define ELSEWHERE (owner == NOBODY -> knows[w] && !current[w] : owner != w || !current[w])
#endif

/* stands for: store/postgres/intents.go Due, Claim */
#if defined(OWNCLOCK) /* a clock that runs ahead: to it every lease is over */
#define FREE true
#else
#define FREE (owner == w || !leased)
#endif

/* HELD: the claim is w's, or nobody else has made one since. What is written otherwise is written over somebody's claim. */
#define HELD (latest[w] || owner == NOBODY && !knows[w])

#define ATSEA (call[0] == sea || call[1] == sea || call[2] == sea)
#define UNDERWAY (adrift > 0 || ATSEA)

inline forget() {
	kept[w] = false; found[w] = false; done[w] = false;
#ifdef SLOW
	blind[w] = false
#endif
}

/* lostAnswer: nobody heard whether it was committed. */
inline lostAnswer(then) {
	faults > 0; faults--; pc[w] = then
}

/* stands for: store/postgres/intents.go Claim
 * stands for: store/postgres/ledger.go claim */
inline writeClaim() {
	owner = w; leased = true; claimed = true;
	current[0] = false; current[1] = false; current[2] = false;
	latest[0] = false; latest[1] = false; latest[2] = false;
	latest[w] = true
}

/* stands for: outbox/hold.go Under
 * stands for: outbox/worker.go deliver */
inline begin() {
	knows[w] = true; current[w] = latest[w];
	pc[w] = looking
}

/* stands for: store/postgres/intents.go Mark */
inline writeNote(what) {
	assert(latest[w]); /* nobody notes over another's claim */
#ifndef BARENOTE
	leased = true; /* it has a lease before it from here, however long it was away */
#endif
	noted = what
}

/* stands for: store/postgres/intents.go Finish, finish
 * stands for: outbox/intent.go Done, RetryAt */
inline writeEnd() {
	if
	:: owed ->
		assert(HELD); /* nobody records over another's claim */
		if
		:: done[w] -> assert(effects > 0); recorded++; assert(recorded == 1); owed = false; noted = false
		:: else
		fi;
		owner = NOBODY; leased = false; claimed = false
	:: else /* it was recorded already */
	fi
}

/* crash: what is written stays, what is on its way to the vendor too, and nothing else. */
inline crash() {
	crashes--;
	if
	:: call[w] == sea -> adrift++
	:: else
	fi;
	call[w] = none;
	if
	:: owner == w -> owner = FORMER
	:: else
	fi;
	knows[w] = false; current[w] = false; latest[w] = false; forget();
	pc[w] = idle
}

/* No second effect that looking could have prevented. */
#ifdef NEVERTWICE
#define ONCE (effects <= 1)
#else
#define ONCE (effects <= 1 + excused + late)
#endif

inline happens() {
	effects++;
	assert(ONCE)
}

active [N] proctype worker() {
	do
	/* stands for: outbox/worker.go dispatch, deliver
	 * stands for: store/postgres/intents.go Due, Claim */
	:: atomic { pc[w] == idle && owed && FREE ->
#ifdef ACTFIRST
		found[w] = noted; pc[w] = looking
#else
		found[w] = noted || claimed; /* Job.Retaken, Job.Note */
		if
		:: writeClaim(); begin()
		:: lostAnswer(claiming); kept[w] = true; writeClaim()
		:: lostAnswer(claiming)
		fi
#endif
	}
	/* stands for: store/postgres/commit.go ask, status
	 * stands for: store/postgres/update.go attempt */
	:: atomic { pc[w] == claiming ->
		if
		:: kept[w] -> kept[w] = false; begin()
		:: !kept[w] -> forget(); pc[w] = idle
		:: faults > 0 -> faults--; forget(); pc[w] = idle /* unknown: claimed anew, and then it looks */
		fi
	}
	/* stands for: provision/act.go run
	 * stands for: provision/late.go afloat
	 * stands for: bot/courier/post.go earlier, unseen */
	:: atomic { pc[w] == looking ->
		if
		:: !found[w] -> pc[w] = noting
#ifdef NOLOOK
		:: found[w] -> pc[w] = noting
#else
		:: found[w] && effects > 0 -> done[w] = true; pc[w] = ending
		:: found[w] && effects == 0 ->
			if
#ifdef SLOW
			:: true -> blind[w] = UNDERWAY; pc[w] = noting
#else
			:: noted && UNDERWAY -> pc[w] = ending /* it may still arrive: it is looked for again */
			:: else -> pc[w] = noting
#endif
			fi
		:: found[w] && faults > 0 -> faults--; pc[w] = ending /* it can't be read */
#endif
		fi
	}
	/* stands for: outbox/worker.go Mark
	 * stands for: store/postgres/intents.go Mark
	 * stands for: provision/act.go write */
	:: atomic { pc[w] == noting ->
#ifdef ACTFIRST
		pc[w] = calling
#else
		if
		:: !owed || ELSEWHERE -> pc[w] = ending /* ErrGone: it stops before its call */
		:: else ->
			found[w] = noted; /* from here on: what it was before */
			if
			:: writeNote(true); pc[w] = calling
			:: lostAnswer(askedNote); kept[w] = true; writeNote(true)
			:: lostAnswer(askedNote)
			fi
		fi
#endif
	}
	/* stands for: store/postgres/commit.go ask, status */
	:: atomic { pc[w] == askedNote ->
		if
		:: kept[w] -> pc[w] = calling
		:: !kept[w] -> pc[w] = noting
		:: faults > 0 -> faults--; pc[w] = ending
		fi;
		kept[w] = false
	}
	/* stands for: provision/act.go write */
	:: atomic { pc[w] == calling ->
#ifdef SLOW
		if
		:: blind[w] -> late++; blind[w] = false
		:: else
		fi;
#endif
		call[w] = sea; pc[w] = waiting
	}
	/* stands for: provision/act.go write, happened, lost, unmark */
	:: atomic { pc[w] == waiting && (call[w] != sea || faults > 0) ->
		if
		:: call[w] == landed -> done[w] = true; pc[w] = ending
		:: call[w] == landed && faults > 0 -> faults--; pc[w] = ending /* its answer was lost */
		:: call[w] == dropped -> pc[w] = ending
		:: call[w] == refused -> pc[w] = unnoting
		:: call[w] == sea && faults > 0 -> faults--; adrift++; pc[w] = ending /* it hung for too long */
		fi;
		call[w] = none
	}
	/* stands for: provision/act.go unmark
	 * stands for: store/postgres/intents.go Mark */
	:: atomic { pc[w] == unnoting ->
		if
		:: !owed || ELSEWHERE
		:: owed && !(ELSEWHERE) -> writeNote(found[w])
		:: faults > 0 -> faults-- /* not kept: whoever comes next looks for nothing */
		fi;
		pc[w] = ending
	}
	/* stands for: outbox/worker.go deliver
	 * stands for: store/postgres/intents.go Finish
	 * stands for: provision/deed.go record */
	:: atomic { pc[w] == ending ->
		if
#ifndef SETTLES
		:: owed && ELSEWHERE -> pc[w] = idle; forget()
		:: !owed || !(ELSEWHERE) ->
#else
		:: true ->
#endif
			if
			:: writeEnd(); knows[w] = false; current[w] = false; pc[w] = idle; forget()
			:: lostAnswer(askedEnd); kept[w] = true; writeEnd()
			:: lostAnswer(askedEnd)
			fi
		fi
	}
	/* stands for: store/postgres/commit.go ask, status
	 * stands for: outbox/worker.go kept */
	:: atomic { pc[w] == askedEnd ->
		if
		:: kept[w] -> knows[w] = false; current[w] = false; pc[w] = idle; forget()
		:: !kept[w] -> pc[w] = ending
		:: faults > 0 -> faults--; pc[w] = idle; forget() /* unknown: it is looked for before it is repeated */
		fi
	}
	:: atomic { (pc[w] != idle || owner == w) && crashes > 0 -> crash() }
	:: !owed && pc[w] == idle -> break
	od
}

#define MARKED(i) (pc[i] == calling || pc[i] == askedNote && kept[i])

/* The database's clock, and the vendor. */
active proctype world() {
	byte i;
	do
	/* A worker is paused until its lease is over. */
	:: atomic { owner < N && leased && pauses > 0 ->
		pauses--; leased = false;
		if
		:: MARKED(owner) -> excused++
		:: else
		fi
	}
	/* stands for: store/postgres/lease.go renewing, renew */
	:: atomic { owner < N && !leased -> leased = true }
#ifndef FORSAKEN
	:: atomic { owner == FORMER && leased -> leased = false }
#endif
	:: atomic { ATSEA ->
		if
		:: call[0] == sea -> i = 0
		:: call[1] == sea -> i = 1
		:: call[2] == sea -> i = 2
		fi;
		if
		:: call[i] = landed; happens()
		:: faults > 0 -> faults--; call[i] = dropped
		:: faults > 0 -> faults--; call[i] = refused
		fi;
		i = 0
	}
	:: atomic { adrift > 0 -> adrift--;
		if
		:: happens()
		:: true
		fi
	}
	:: atomic { !owed && adrift == 0 && pc[0] == idle && pc[1] == idle && pc[2] == idle -> break }
	od
}

#ifdef LIVE
/* No promise is lost: it is recorded in the end, if whoever can go on does, and what goes wrong has an end. */
ltl kept_in_the_end { <> (recorded > 0) }
#endif
