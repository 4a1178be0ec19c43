# Puppet keeps the profile on the host and has otelctl realise it.
#
# @param source
#   Where the profile comes from; it holds references to secrets, no secrets.
# @param otelctl
#   The program, an absolute path.
class otelctl (
  String $source  = 'puppet:///modules/otelctl/profile.yaml',
  String $otelctl = '/usr/local/bin/otelctl',
) {
  package { 'nftables':
    ensure => installed,
  }

  file { '/etc/otelctl':
    ensure => directory,
    owner  => 'root',
    group  => 'root',
    mode   => '0755',
  }

  # A profile with a mistake never gets to its place: the run fails, the stack stays.
  file { '/etc/otelctl/profile.yaml':
    ensure       => file,
    owner        => 'root',
    group        => 'root',
    mode         => '0644',
    source       => $source,
    validate_cmd => "${otelctl} --quiet --profile % validate",
  }

  # `plan` writes nothing and takes no lock, so that it may run under noop, too.
  # It exits with 0 when nothing is to be done; with anything else, `apply` runs
  # and says what it does, or what is wrong.
  exec { 'otelctl apply':
    command => "${otelctl} --profile /etc/otelctl/profile.yaml apply",
    unless  => "${otelctl} --quiet --profile /etc/otelctl/profile.yaml plan --detailed-exitcode",
    timeout => 900,
    require => [Package['nftables'], File['/etc/otelctl/profile.yaml']],
  }
}
