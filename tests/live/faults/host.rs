//! Everything on a host that an apply could have touched, told so that two can be compared.

use crate::live::applied::Applied;

/// Puts things of somebody else's onto the host, beside the stack.
pub fn settle_strangers(stack: &Applied) {
    let image = "otel/opentelemetry-collector-contrib:0.91.0";
    let script = format!(
        "docker create --name stranger -v strange:/data {image} && \
         docker network create --subnet 10.77.0.0/24 strange && \
         nft 'add table inet strange; add chain inet strange mine; add rule inet strange mine accept' && \
         echo mine > '{0}/mine' && echo mine > '{0}/config/mine' && \
         echo mine > $(docker volume inspect --format '{{{{.Mountpoint}}}}' \
           otel_prometheus-data)/mine",
        stack.directory().display()
    );
    stack.world.host(&script).ok();
}

/// What belongs to somebody else, with its identity; and the volumes with theirs.
pub fn kept(stack: &Applied) -> String {
    let script = format!(
        "docker inspect --format '{{{{.ID}}}} {{{{.Name}}}} {{{{.State.Status}}}}' stranger; \
         docker network inspect --format '{{{{.ID}}}} {{{{.Labels}}}}' strange; \
         docker volume ls -q | sort | xargs docker volume inspect --format \
         '{{{{.Name}}}} {{{{.Labels}}}}'; \
         stat --format '%n %i' $(docker volume inspect --format \
         '{{{{.Mountpoint}}}} {{{{.Mountpoint}}}}/mine' otel_prometheus-data); \
         nft --stateless list table inet strange; \
         stat --format '%n %i %a %y' '{0}/mine' '{0}/config/mine'",
        stack.directory().display()
    );
    stack.world.host(&script).ok()
}

/// What is ours: the same after every way that leads to the same profile.
pub fn ours(stack: &Applied) -> String {
    let format = "{{.Name}} {{.State.Status}} {{.Config.Image}} {{json .Config.Cmd}} \
                  {{json .Config.Env}} {{json .Config.Labels}} {{json .HostConfig.Binds}} \
                  {{json .HostConfig.PortBindings}} {{.HostConfig.Memory}} \
                  {{range $n, $_ := .NetworkSettings.Networks}}{{$n}} {{end}}";
    let script = format!(
        "docker ps -aq --filter label=io.otelctl.stack=otel | xargs docker inspect --format \
         '{format}' | sort; docker network ls --format '{{{{.Name}}}}' | sort; \
         nft --stateless list table inet otelctl_otel; nft list tables"
    );
    stack.world.host(&script).ok() + &stack.contents()
}
