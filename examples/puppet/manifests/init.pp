# Puppet keeps the profile on the host and has otelctl realise it.
#
# @param source
#   Where the profile comes from; it holds references to secrets, no secrets.
# @param otelctl
#   The program, an absolute path.
# @param folder
#   Where the profile is kept on the host, an absolute path.
class otelctl (
  String $source  = 'puppet:///modules/otelctl/profile.yaml',
  String $otelctl = '/usr/local/bin/otelctl',
  String $folder  = '/etc/otelctl',
) {
  $profile = "${folder}/profile.yaml"

  package { 'nftables':
    ensure => installed,
  }

  file { $folder:
    ensure => directory,
    owner  => 'root',
    group  => 'root',
    mode   => '0755',
  }

  # A profile with a mistake never gets to its place: the run fails, the stack stays.
  file { $profile:
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
    command => "${otelctl} --profile ${profile} apply",
    unless  => "${otelctl} --quiet --profile ${profile} plan --detailed-exitcode",
    timeout => 900,
    require => [Package['nftables'], File[$profile]],
  }
}
