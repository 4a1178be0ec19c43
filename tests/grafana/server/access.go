package server

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
)

// Roles, from the weakest.
const (
	viewer = iota + 1
	editor
	admin
)

var roles = map[string]int{"Viewer": viewer, "Editor": editor, "Admin": admin}

// digest is a salted hash: the state holds no password.
type digest struct{ Salt, Hash string }

func digestOf(secret string) digest {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	return digest{hex.EncodeToString(salt), hash(hex.EncodeToString(salt), secret)}
}

func hash(salt, secret string) string {
	sum := sha256.Sum256([]byte(salt + secret))
	return hex.EncodeToString(sum[:])
}

func (d digest) matches(secret string) bool {
	return subtle.ConstantTimeCompare([]byte(d.Hash), []byte(hash(d.Salt, secret))) == 1
}

// identity is who sent a request.
type identity struct {
	login string
	role  int
	user  *user
}

// authenticate finds out who sent a request; the organization header is not looked at, since
// there is one organization only.
func (s *Server) authenticate(r *http.Request) (identity, *answer) {
	if login, password, is := r.BasicAuth(); is {
		for _, user := range s.state.Users {
			if user.Login == login && user.Password.matches(password) {
				return identity{login, admin, user}, nil
			}
		}
		refused := failedWith(401, "password-auth.failed", "Invalid username or password")
		return identity{}, &refused
	}
	if secret, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); is {
		for _, account := range s.state.Accounts {
			for _, token := range account.Tokens {
				if token.Digest.matches(secret) {
					return identity{account.login(s.release), roles[account.Role], nil}, nil
				}
			}
		}
		refused := failedWith(401, "api-key.invalid", "Invalid API key")
		return identity{}, &refused
	}
	refused := failedWith(401, "auth.unauthorized", "Unauthorized")
	return identity{}, &refused
}

// login is the name that an account's changes carry.
func (a *account) login(release Release) string {
	if release.Major >= 11 {
		return fmt.Sprintf("sa-%d-%s", a.ID, slug(a.Name))
	}
	return "sa-" + slug(a.Name)
}

func denied(permission string) answer {
	random := make([]byte, 5)
	_, _ = rand.Read(random)
	return answer{status: 403, body: object{
		"title":         "Access denied",
		"message":       "You'll need additional permissions to perform this action. Permissions needed: " + permission,
		"accessErrorId": "ACE" + strings.ToUpper(hex.EncodeToString(random)),
	}}
}

// AddToken makes a service account with a known token, unless it has it already.
func (s *Server) AddToken(name, role, secret string) error {
	if roles[role] == 0 {
		return fmt.Errorf("%q is no role: Viewer, Editor and Admin are", role)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	owner := s.accountNamed(name)
	if owner == nil {
		owner = &account{ID: s.nextID("account"), Name: name}
		s.state.Accounts = append(s.state.Accounts, owner)
	}
	owner.Role = role
	owner.Tokens = []*token{{ID: s.nextID("token"), Name: name, Digest: digestOf(secret)}}
	return s.save()
}

func (s *Server) accountNamed(name string) *account {
	for _, account := range s.state.Accounts {
		if account.Name == name {
			return account
		}
	}
	return nil
}
