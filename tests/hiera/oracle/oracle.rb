#!/usr/bin/ruby
# Answers lookups by the unmodified `puppet lookup`, with Puppet loaded once.
# Reads one JSON request a line, {"argv": ["lookup", …], "cwd": "…"}; forks, runs the command line's
# own entry point in the child and writes one JSON line, {"rc": N, "stdout": "…", "stderr": "…"}.
require 'json'
require 'tempfile'
require 'tmpdir'
require 'puppet/util/command_line'
require 'puppet'
require 'puppet/application/lookup'
require 'puppet/application/apply'
require 'puppet/pops'
require 'puppet/node/facts'
require 'puppet/parser/compiler'
require 'deep_merge/core'

# One whole lookup in this process loads what Puppet loads late; then its settings are wiped.
def warm_up
  out, err = STDOUT.dup, STDERR.dup
  Dir.mktmpdir do |dir|
    FileUtils.mkdir_p(["#{dir}/code/environments/production", "#{dir}/data"])
    File.write("#{dir}/hiera.yaml", "version: 5\n")
    File.write("#{dir}/data/common.yaml", "a: {b: [\"%{lookup('x')}\"]}\nx: 1\nlookup_options: {x: {convert_to: Integer}}\n")
    File.write("#{dir}/facts.json", '{"x":1}')
    argv = ['lookup', '--confdir', "#{dir}/c", '--vardir', "#{dir}/v", '--codedir', "#{dir}/code",
            '--hiera_config', "#{dir}/hiera.yaml", '--facts', "#{dir}/facts.json", '--node', 'n',
            '--merge', 'deep', '--render-as', 'json', 'a']
    STDOUT.reopen('/dev/null')
    STDERR.reopen('/dev/null')
    ARGV.replace(argv)
    begin
      Puppet::Util::CommandLine.new('/usr/bin/puppet', argv).execute
    rescue SystemExit
      # The command always exits.
    end
    STDOUT.reopen(out)
    STDERR.reopen(err)
  end
  Puppet.settings.send(:clear_everything_for_tests)
  Puppet.clear if Puppet.respond_to?(:clear)
  Puppet::Node::Facts.indirection.reset_terminus_class
  Puppet::Node.indirection.reset_terminus_class
  Puppet::Util::Log.close_all
end

warm_up
GC.start
answers = $stdout.dup
answers.sync = true
STDIN.each_line do |line|
  request = JSON.parse(line)
  out, err = Tempfile.new('out'), Tempfile.new('err')
  pid = fork do
    Dir.chdir(request['cwd']) if request['cwd']
    STDIN.reopen('/dev/null')
    STDOUT.reopen(out.path, 'w')
    STDERR.reopen(err.path, 'w')
    ARGV.replace(request['argv'])
    $0 = '/usr/bin/puppet'
    Puppet::Util::CommandLine.new('/usr/bin/puppet', request['argv']).execute
    exit 0
  end
  _, status = Process.wait2(pid)
  answers.puts JSON.generate(rc: status.exitstatus, stdout: File.read(out.path), stderr: File.read(err.path))
  out.close!
  err.close!
end
