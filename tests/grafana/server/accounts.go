package server

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"time"
)

func (s *Server) health(*request) answer {
	return ok(object{"database": "ok", "version": s.release.String(), "commit": "0000000000"})
}

func (s *Server) organization(*request) answer {
	return ok(object{"id": 1, "name": "Main Org.", "address": object{
		"address1": "", "address2": "", "city": "", "zipCode": "", "state": "", "country": "",
	}})
}

func (s *Server) profile(r *request) answer {
	user := r.who.user
	if user == nil {
		return failedAs(404, "not-found", "user not found")
	}
	return ok(object{
		"id": user.ID, "uid": "user-" + strconv.FormatInt(user.ID, 10), "email": user.Login + "@localhost",
		"name": "", "login": user.Login, "theme": "", "orgId": 1, "isGrafanaAdmin": true,
		"isDisabled": false, "isExternal": false, "authLabels": []string{}, "avatarUrl": "/avatar/stand-in",
		"createdAt": user.Created.Format(time.RFC3339), "updatedAt": user.Created.Format(time.RFC3339),
	})
}

func (s *Server) changePassword(r *request) answer {
	var wanted struct{ OldPassword, NewPassword string }
	if decode(r.body, &wanted) != nil || r.who.user == nil {
		return badRequest
	}
	if !r.who.user.Password.matches(wanted.OldPassword) {
		return failed(401, "Invalid old password")
	}
	if len(wanted.NewPassword) < 4 {
		return failed(400, "New password is too short")
	}
	r.who.user.Password = digestOf(wanted.NewPassword)
	return ok(object{"message": "User password changed"})
}

func (s *Server) accountBody(a *account) object {
	return object{
		"id": a.ID, "uid": "sa-" + strconv.FormatInt(a.ID, 10), "name": a.Name, "login": a.login(s.release),
		"orgId": 1, "isDisabled": false, "role": a.Role, "tokens": len(a.Tokens), "avatarUrl": "/avatar/stand-in",
	}
}

func (s *Server) createAccount(r *request) answer {
	var wanted struct{ Name, Role string }
	if decode(r.body, &wanted) != nil || wanted.Name == "" {
		return badRequest
	}
	if wanted.Role == "" {
		wanted.Role = "Viewer"
	}
	if roles[wanted.Role] == 0 {
		return failedWith(400, "serviceaccounts.ErrInvalidInput", "invalid role")
	}
	if s.accountNamed(wanted.Name) != nil {
		return failedWith(400, "serviceaccounts.ErrAlreadyExists", "service account already exists")
	}
	made := &account{ID: s.nextID("account"), Name: wanted.Name, Role: wanted.Role}
	s.state.Accounts = append(s.state.Accounts, made)
	return answer{status: 201, body: s.accountBody(made)}
}

func (s *Server) searchAccounts(r *request) answer {
	found := []object{}
	for _, account := range s.state.Accounts {
		if wanted := r.query.Get("query"); wanted == "" || contains(account.Name, wanted) {
			found = append(found, s.accountBody(account))
		}
	}
	return ok(object{"totalCount": len(found), "serviceAccounts": found, "page": 1, "perPage": 1000})
}

func (s *Server) accountOf(r *request) *account {
	for _, account := range s.state.Accounts {
		if strconv.FormatInt(account.ID, 10) == r.PathValue("id") {
			return account
		}
	}
	return nil
}

func (s *Server) createToken(r *request) answer {
	var wanted struct{ Name string }
	if decode(r.body, &wanted) != nil || wanted.Name == "" {
		return badRequest
	}
	owner := s.accountOf(r)
	if owner == nil {
		return failedWith(404, "serviceaccounts.ErrNotFound", "service account not found")
	}
	for _, token := range owner.Tokens {
		if token.Name == wanted.Name {
			return failedWith(409, "serviceaccounts.ErrTokenAlreadyExists", "service account token with given name already exists in the organization")
		}
	}
	random := make([]byte, 20)
	_, _ = rand.Read(random)
	secret := "glsa_" + hex.EncodeToString(random[:16]) + "_" + hex.EncodeToString(random[16:])
	made := &token{ID: s.nextID("token"), Name: wanted.Name, Digest: digestOf(secret)}
	owner.Tokens = append(owner.Tokens, made)
	return ok(object{"id": made.ID, "name": made.Name, "key": secret})
}

func (s *Server) deleteToken(r *request) answer {
	owner := s.accountOf(r)
	if owner != nil {
		for index, token := range owner.Tokens {
			if strconv.FormatInt(token.ID, 10) == r.PathValue("token") {
				owner.Tokens = append(owner.Tokens[:index], owner.Tokens[index+1:]...)
				return ok(object{"message": "Service account token deleted"})
			}
		}
	}
	return failedWith(404, "serviceaccounts.ErrTokenNotFound", "service account token not found")
}
