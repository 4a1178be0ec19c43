module otelctl/tests/grafana

go 1.25
