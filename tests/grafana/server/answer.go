package server

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// object is a JSON object.
type object = map[string]any

// answer is what a request gets.
type answer struct {
	status int
	body   any
	header http.Header
}

func ok(body any) answer { return answer{status: 200, body: body} }

func failed(status int, message string) answer {
	return answer{status: status, body: object{"message": message}}
}

// failedAs also has the status word that clients tell errors apart by.
func failedAs(status int, word, message string) answer {
	return answer{status: status, body: object{"message": message, "status": word}}
}

// failedWith is the form that errors have which know their own id.
func failedWith(status int, id, message string) answer {
	return answer{status: status, body: object{
		"message": message, "messageId": id, "statusCode": status, "traceID": "", "extra": nil,
	}}
}

var badRequest = failed(400, "bad request data")

// bytes is the body as it is sent.
func (a answer) bytes() []byte {
	if raw, is := a.body.([]byte); is {
		return raw
	}
	content, err := json.Marshal(a.body)
	if err != nil {
		panic(err)
	}
	return content
}

func (a answer) send(to http.ResponseWriter) {
	content := a.bytes()
	header := to.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "deny")
	header.Set("Content-Length", strconv.Itoa(len(content)))
	for name, values := range a.header {
		header[name] = values
	}
	to.WriteHeader(a.status)
	_, _ = to.Write(content)
}

// decode keeps numbers as they were written.
func decode(content []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errTrailing
	}
	return nil
}

// clone is a deep copy of what came from JSON.
func clone[T any](value T) T {
	content, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	var copied T
	if err := decode(content, &copied); err != nil {
		panic(err)
	}
	return copied
}

// same tells whether two values are written the same.
func same(one, other any) bool {
	first, err := json.Marshal(one)
	second, fails := json.Marshal(other)
	return err == nil && fails == nil && bytes.Equal(first, second)
}

// number reads an integer that a client may have written as a number or left out.
func number(value any) (int64, bool) {
	switch found := value.(type) {
	case json.Number:
		whole, err := found.Int64()
		return whole, err == nil
	case int64:
		return found, true
	default:
		return 0, false
	}
}
