// stand-in answers as the published HTTP API documentation of Grafana says, for the tests of
// otelctl. It is not Grafana, and has not been compared with one.
//
// As a process of its own it takes flags; as `/run.sh` in an image it takes the `GF_…`
// environment.
package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"otelctl/tests/grafana/server"
)

type tokens []string

func (t *tokens) String() string         { return strings.Join(*t, ",") }
func (t *tokens) Set(value string) error { *t = append(*t, value); return nil }

type orders struct {
	listen, control, data, release string
	user, password                 string
	tokens                         tokens
	// The path that everything is below.
	path string
	tls  bool
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "stand-in:", err)
		os.Exit(1)
	}
}

func run() error {
	read := fromFlags
	if filepath.Base(os.Args[0]) == "run.sh" {
		read = fromEnvironment
	}
	orders, err := read()
	if err != nil {
		return err
	}
	release, err := server.ParseRelease(orders.release)
	if err != nil {
		return err
	}
	served, err := server.New(server.Options{
		Release: release, Folder: orders.data, AdminUser: orders.user, AdminPassword: orders.password,
	})
	if err != nil {
		return err
	}
	for _, token := range orders.tokens {
		name, rest, named := strings.Cut(token, "=")
		role, secret, whole := strings.Cut(rest, ":")
		if !named || !whole {
			return errors.New("a token is written NAME=ROLE:TOKEN")
		}
		if err := served.AddToken(name, role, secret); err != nil {
			return err
		}
	}
	failed := make(chan error, 2)
	if orders.control != "" {
		if err := orders.open("control on", orders.control, served.Control(), failed, false); err != nil {
			return err
		}
	}
	handler := http.StripPrefix(strings.TrimSuffix(orders.path, "/"), served)
	if err := orders.open("listening on", orders.listen, handler, failed, orders.tls); err != nil {
		return err
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	select {
	case err := <-failed:
		return err
	case <-ended:
		return nil
	}
}

// open listens on an address, or on a socket where it is a path.
func (o orders) open(what, address string, handler http.Handler, failed chan<- error, encrypted bool) error {
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
		// That of a process that is gone.
		_ = os.Remove(address)
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		return err
	}
	fmt.Println(what, listener.Addr())
	if encrypted {
		own, err := certificate(o.data)
		if err != nil {
			return err
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{own}})
	}
	go func() { failed <- http.Serve(listener, handler) }()
	return nil
}

func fromFlags() (orders, error) {
	var o orders
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "`address` of the API")
	flag.StringVar(&o.control, "control", "", "`address`, or the path of a socket, where tests ask for faults and the list of requests")
	flag.StringVar(&o.data, "data", "", "`folder` of the state (required)")
	flag.StringVar(&o.release, "api-version", "12", "whose API: 10, 11, 12, 13, or with a minor version")
	flag.StringVar(&o.user, "admin-user", "admin", "login of the first user, on an empty folder")
	flag.StringVar(&o.password, "admin-password", "admin", "password of the first user, on an empty folder")
	flag.StringVar(&o.path, "path", "", "`path` that the API is below, as behind a proxy")
	flag.BoolVar(&o.tls, "tls", false, "encrypt; the authority's certificate is ca.pem in the folder of the state")
	flag.Var(&o.tokens, "token", "a service account's token: `NAME=ROLE:TOKEN`; may be given again")
	flag.Parse()
	if o.data == "" || flag.NArg() > 0 {
		flag.Usage()
		return o, errors.New("--data is required, and nothing but flags is taken")
	}
	return o, nil
}

func fromEnvironment() (orders, error) {
	var o orders
	if err := scratch(); err != nil {
		return o, err
	}
	var host, port string
	for _, wanted := range []struct {
		into            *string
		name, otherwise string
	}{
		{&host, "GF_SERVER_HTTP_ADDR", ""},
		{&port, "GF_SERVER_HTTP_PORT", "3000"},
		{&o.data, "GF_PATHS_DATA", "/var/lib/grafana"},
		{&o.user, "GF_SECURITY_ADMIN_USER", "admin"},
		{&o.password, "GF_SECURITY_ADMIN_PASSWORD", "admin"},
		{&o.release, "STAND_IN_API_VERSION", "12.1.0"},
	} {
		value, err := setting(wanted.name, wanted.otherwise)
		if err != nil {
			return o, err
		}
		*wanted.into = value
	}
	o.listen = net.JoinHostPort(host, port)
	// In the volume, where a test finds it that did not make the container.
	o.control = filepath.Join(o.data, "control.sock")
	return o, nil
}
