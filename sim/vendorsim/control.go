package vendorsim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Control is the door for tests in another process: JSON over HTTP below /sim. It asks for no key, so it belongs on a
// loopback address.
//
//	GET  /sim/state                        State
//	GET  /sim/calls?after=N  /sim/effects  []Call, without the first N
//	GET  /sim/secrets                      []string: the accounts' passwords and the sites' guest links, to look for
//	                                       where they must not be
//	GET  /sim/faults                       []Fault, those that may still hit
//	POST /sim/faults   Fault or []Fault    adds to the plan; 400 says what is wrong with it
//	DELETE /sim/faults                     forgets the plan
//	GET  /sim/quirks                       Quirks
//	POST /sim/quirks   some of Quirks      changes those named, leaves the others
//	POST /sim/accounts Account             {"id":N}
//	POST /sim/sites    Site                {"id":N}
//	POST /sim/blocked  {"email":…, "blocked":true}   404 when there is no such account
//	POST /sim/limits   {"seats":N, "units":N}        either or both
//
// A field that does not exist is refused with 400, so that a misspelt fault cannot make a test pass.
func (v *Vendor) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim/state", show(func() any { return v.State() }))
	mux.HandleFunc("GET /sim/calls", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("after")) // 0 where nothing is said
		all := v.Calls()
		answer(w, http.StatusOK, all[min(max(n, 0), len(all)):])
	})
	mux.HandleFunc("GET /sim/effects", show(func() any { return v.Effects() }))
	mux.HandleFunc("GET /sim/secrets", show(func() any { return v.Secrets() }))
	mux.HandleFunc("GET /sim/faults", show(func() any { return v.Faults() }))
	mux.HandleFunc("GET /sim/quirks", show(func() any { return v.Quirks() }))
	mux.HandleFunc("POST /sim/faults", take(v.takeFaults))
	mux.HandleFunc("POST /sim/quirks", take(v.takeQuirks))
	mux.HandleFunc("POST /sim/accounts", take(v.takeAccount))
	mux.HandleFunc("POST /sim/sites", take(v.takeSite))
	mux.HandleFunc("POST /sim/blocked", take(v.takeBlocked))
	mux.HandleFunc("POST /sim/limits", take(v.takeLimits))
	mux.HandleFunc("DELETE /sim/faults", func(w http.ResponseWriter, _ *http.Request) {
		v.Heal()
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

// notThere is the error of a control call about something that does not exist.
type notThere string

func (n notThere) Error() string { return string(n) }

func show(read func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, read()) }
}

func take(do func(*json.Decoder) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		dec := json.NewDecoder(io.LimitReader(r.Body, maxBody))
		dec.DisallowUnknownFields()
		result, err := do(dec)
		status := http.StatusOK
		if err != nil {
			status, result = http.StatusBadRequest, map[string]string{"error": err.Error()}
		}
		if _, missing := err.(notThere); missing {
			status = http.StatusNotFound
		}
		answer(w, status, result)
	}
}

func answer(w http.ResponseWriter, status int, x any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(x) // whoever went away needs no answer
}

func (v *Vendor) takeFaults(dec *json.Decoder) (any, error) {
	var one json.RawMessage
	if err := dec.Decode(&one); err != nil {
		return nil, fmt.Errorf("read faults: %w", err)
	}
	if one[0] != '[' {
		one = append(append([]byte{'['}, one...), ']')
	}
	var faults []Fault
	if err := json.Unmarshal(one, &faults); err != nil {
		return nil, fmt.Errorf("read faults: %w", err)
	}
	if err := v.Plan(faults...); err != nil {
		return nil, err
	}
	return v.Faults(), nil
}

func (v *Vendor) takeQuirks(dec *json.Decoder) (any, error) {
	q := v.Quirks()
	if err := dec.Decode(&q); err != nil {
		return nil, fmt.Errorf("read quirks: %w", err)
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	v.SetQuirks(q)
	return q, nil
}

func (v *Vendor) takeAccount(dec *json.Decoder) (any, error) {
	var a Account
	if err := dec.Decode(&a); err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	return map[string]int64{"id": v.AddAccount(a)}, nil
}

func (v *Vendor) takeSite(dec *json.Decoder) (any, error) {
	var s Site
	if err := dec.Decode(&s); err != nil {
		return nil, fmt.Errorf("read site: %w", err)
	}
	return map[string]int64{"id": v.AddSite(s)}, nil
}

func (v *Vendor) takeBlocked(dec *json.Decoder) (any, error) {
	var in struct {
		Email   string `json:"email"`
		Blocked bool   `json:"blocked"`
	}
	if err := dec.Decode(&in); err != nil {
		return nil, fmt.Errorf("read block: %w", err)
	}
	if !v.SetBlocked(in.Email, in.Blocked) {
		return nil, notThere("no account has the address " + in.Email)
	}
	return in, nil
}

func (v *Vendor) takeLimits(dec *json.Decoder) (any, error) {
	var in struct {
		Seats *int   `json:"seats"`
		Units *int64 `json:"units"`
	}
	if err := dec.Decode(&in); err != nil {
		return nil, fmt.Errorf("read limits: %w", err)
	}
	if in.Seats != nil {
		v.SetSeats(*in.Seats)
	}
	if in.Units != nil {
		v.SetUnits(*in.Units)
	}
	return in, nil
}
