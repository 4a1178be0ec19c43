"""The fixed scenarios of the corpus: what each feature of Hiera does, by example."""
from scenario import H, SCN, keys, scn

FACTS = {
 'os': {'family': 'Debian', 'name': 'Debian', 'release': {'major': '12', 'full': '12.5'}},
 'hostname': 'web01', 'domain': 'example.com', 'fqdn': 'web01.example.com', 'clientcert': 'web01.example.com',
 'networking': {'ip': '10.0.0.5', 'interfaces': {'eth0': {'bindings': [{'address': '10.0.0.5'}]}}},
 'processors': {'count': 4}, 'is_virtual': True, 'role': 'web', 'empty': '', 'zero': 0, 'ratio': 1.5,
 'list': ['alpha', 'beta'], 'nul': None, 'dotted.fact': 'dv', 'maps': {'k1': 'v1', 'k2': 'v2'},
}
# ------------------------------------------------------------------ realistic
scn('profile-basic', 'profile', {
 'nodes/web01.example.com.yaml': '', 'data/nodes/web01.example.com.yaml': r'''
profile::otel_collector::otel_grpc_port: 14317
profile::firewall::custom_rules:
  '200 allow node':
    dport: 9999
    proto: tcp
    action: accept
profile::otel_collector::exporters: [otlp/node]
''', 'data/os/Debian.yaml': r'''
profile::otel_collector::package: otelcol-contrib
profile::firewall::custom_rules:
  '100 allow otlp grpc':
    dport: [4317, 4318]
profile::otel_collector::exporters: [debug, otlp/backend]
''', 'common.yaml': r'''---
lookup_options:
  '^profile::.*::custom_rules$':
    merge: {strategy: deep, knockout_prefix: '--'}
  profile::otel_collector::exporters:
    merge: unique
profile::otel_collector::otel_grpc_port: 4317
profile::otel_collector::otel_http_port: 4318
profile::otel_collector::endpoint: "0.0.0.0:%{lookup('profile::otel_collector::otel_grpc_port')}"
profile::otel_collector::endpoint_port: "%{alias('profile::otel_collector::otel_grpc_port')}"
profile::otel_collector::exporters: [debug]
profile::otel_collector::tls: {enabled: yes, cert: "/etc/ssl/%{trusted.certname}.pem"}
profile::firewall::custom_rules:
  '100 allow otlp grpc':
    dport: [4317]
    proto: tcp
    action: accept
    source: '%{facts.networking.ip}/32'
''', }, keys('''profile::otel_collector::otel_grpc_port profile::otel_collector::otel_http_port profile::otel_collector::endpoint
 profile::otel_collector::endpoint_port profile::otel_collector::exporters profile::otel_collector::tls profile::otel_collector::tls.cert
 profile::firewall::custom_rules profile::otel_collector::package profile::otel_collector::missing''')
 + [('profile::firewall::custom_rules', {'merge': 'first'}), ('profile::firewall::custom_rules', {'merge': 'hash'}),
    ('profile::otel_collector::exporters', {'merge': 'first'}), ('profile::otel_collector', {}),
    ("profile::firewall::custom_rules.'100 allow otlp grpc'.dport.0", {})],
 hiera=H('nodes/%{trusted.certname}.yaml', 'os/%{facts.os.family}.yaml', 'common.yaml'))
SCN[-1]['files'].pop('nodes/web01.example.com.yaml', None)
scn('plain-file-as-data', 'profile', {'common.yaml': r'''---
# a plain Hiera data file, no hierarchy features
profile::otel_collector::enabled: true
profile::otel_collector::version: 0.96
profile::otel_collector::version_s: '0.96.0'
profile::otel_collector::memory_limit_mib: 512
profile::otel_collector::hosts: []
profile::otel_collector::extra: {}
profile::otel_collector::ca: ~
profile::otel_collector::pct: "100%"
profile::otel_collector::tmpl: "${env:HOME} $1 %%{x} % {y}"
profile::otel_collector::escaped: "%{literal('%')}{not_interpolated}"
profile::otel_collector::block: |
  receivers:
    otlp:
      endpoint: 0.0.0.0:4317
profile::otel_collector::folded: >-
  one
  two
'''}, keys('''profile::otel_collector::enabled profile::otel_collector::version profile::otel_collector::version_s
 profile::otel_collector::memory_limit_mib profile::otel_collector::hosts profile::otel_collector::extra profile::otel_collector::ca
 profile::otel_collector::pct profile::otel_collector::tmpl profile::otel_collector::escaped profile::otel_collector::block profile::otel_collector::folded'''))
# ------------------------------------------------------------------ hierarchy
scn('hier-order', 'hierarchy', {'a.yaml': 'k: from_a\nonly_a: 1\n', 'b.yaml': 'k: from_b\nonly_b: 2\nm: {b: 1}\n', 'c.yaml': 'k: from_c\nonly_c: 3\nm: {c: 1}\n'},
 keys('k only_a only_b only_c none m') + [('m', {'merge': 'hash'}), ('k', {'merge': 'unique'})], hiera=H('a.yaml', 'b.yaml', 'c.yaml'))
scn('hier-missing-files', 'hierarchy', {'c.yaml': 'k: from_c\n'}, ['k', 'nope'], hiera=H('a.yaml', 'x/y/z.yaml', 'c.yaml'))
scn('hier-all-missing', 'hierarchy', {}, ['k', ('k', {'default': 'dflt'})], hiera=H('a.yaml'))
scn('hier-paths', 'hierarchy', {'p1.yaml': 'k: [1]\n', 'p2.yaml': 'k: [2]\nj: 2\n', 'p3.yaml': 'k: [3]\nj: 3\n'},
 ['k', 'j', ('k', {'merge': 'unique'})], hiera="version: 5\nhierarchy:\n  - name: multi\n    paths: [p2.yaml, missing.yaml, p1.yaml]\n  - name: last\n    path: p3.yaml\n")
scn('hier-glob', 'hierarchy', {'d/10-z.yaml': 'k: ten\no: {z: 1}\n', 'data/d/10-z.yaml': 'k: ten\no: {z: 1}\n', 'data/d/05-a.yaml': 'k: five\no: {a: 1}\n', 'data/d/sub/x.yaml': 'k: sub\ndeep: yes_sub\n', 'data/d/notyaml.txt': 'k: txt\n'},
 ['k', 'deep', ('o', {'merge': 'hash'}), ('k', {'merge': 'unique'})], hiera="version: 5\nhierarchy:\n  - name: g\n    glob: 'd/*.yaml'\n")
SCN[-1]['files'].pop('d/10-z.yaml')
scn('hier-globs', 'hierarchy', {'data/d/b.yaml': 'k: b\n', 'data/d/a.yaml': 'k: a\n', 'data/e/deep/er/x.yaml': 'k: x\nv: 1\n', 'data/e/y.yaml': 'k: y\n', 'data/f/one.yaml': 'k: f1\n', 'data/f/two.yaml': 'k: f2\n'},
 ['k', 'v', ('k', {'merge': 'unique'})], hiera="version: 5\nhierarchy:\n  - name: g\n    globs: ['e/**/*.yaml', 'd/*.yaml', 'f/{two,one}.yaml', 'nomatch/*.yaml']\n")
scn('hier-glob-interp', 'hierarchy', {'data/web/1.yaml': 'k: web1\n', 'data/db/1.yaml': 'k: db1\n'},
 ['k'], hiera="version: 5\nhierarchy:\n  - name: g\n    glob: '%{facts.role}/*.yaml'\n")
scn('hier-mapped-array', 'hierarchy', {'data/l/alpha.yaml': 'k: [alpha]\n', 'data/l/beta.yaml': 'k: [beta]\nb: 1\n'},
 ['k', 'b', ('k', {'merge': 'unique'})], hiera="version: 5\nhierarchy:\n  - name: m\n    mapped_paths: [facts.list, tmp, 'l/%{tmp}.yaml']\n")
scn('hier-mapped-string', 'hierarchy', {'data/l/web.yaml': 'k: web\n', 'common.yaml': 'k: common\n'},
 ['k'], hiera="version: 5\nhierarchy:\n  - name: m\n    mapped_paths: [role, tmp, 'l/%{tmp}.yaml']\n  - name: c\n    path: common.yaml\n")
scn('hier-mapped-missing', 'hierarchy', {'data/l/.yaml': 'k: empty\n', 'common.yaml': 'k: common\n'},
 ['k'], hiera="version: 5\nhierarchy:\n  - name: m\n    mapped_paths: [facts.nothere, tmp, 'l/%{tmp}.yaml']\n  - name: c\n    path: common.yaml\n")
scn('hier-mapped-hash', 'hierarchy', {'data/l/k1.yaml': 'k: k1\n', 'common.yaml': 'k: common\n'},
 ['k'], hiera="version: 5\nhierarchy:\n  - name: m\n    mapped_paths: [facts.maps, tmp, 'l/%{tmp.0}-%{tmp.1}.yaml']\n  - name: c\n    path: common.yaml\n")
SCN[-1]['files']['data/l/k2-v2.yaml'] = 'k: from_k2v2\n'
scn('hier-datadir-default', 'hierarchy', {'common.yaml': 'k: in data\n'}, ['k'], hiera="version: 5\nhierarchy:\n  - name: c\n    path: common.yaml\n")
scn('hier-no-hierarchy', 'hierarchy', {'common.yaml': 'k: in data/common\n', 'other.yaml': 'k: other\n'}, ['k'], hiera="version: 5\n")
scn('hier-datadir-only-defaults', 'hierarchy', {'dd/common.yaml': 'k: dd\n'}, ['k'], hiera="version: 5\ndefaults: {datadir: dd}\nhierarchy:\n  - name: c\n    path: common.yaml\n",
 note="defaults: present but without data_hash/lookup_key: the built-in yaml_data default is NOT merged in")
scn('hier-datadir-per-level', 'hierarchy', {'dd1/c.yaml': 'k: dd1\nx: 1\n', 'dd2/c.yaml': 'k: dd2\ny: 2\n', 'dd2/web01/c.yaml': 'h: host\n'}, ['k', 'x', 'y', 'h'],
 hiera="version: 5\ndefaults: {datadir: dd2, data_hash: yaml_data}\nhierarchy:\n  - {name: one, datadir: dd1, path: c.yaml}\n  - {name: two, path: c.yaml}\n  - {name: three, datadir: 'dd2/%{facts.hostname}', path: c.yaml}\n")
scn('hier-datadir-parent', 'hierarchy', {'top.yaml': '', 'conf/hiera.yaml': "version: 5\ndefaults: {datadir: ../elsewhere/, data_hash: yaml_data}\nhierarchy:\n  - {name: one, path: ./sub/../c.yaml}\n", 'elsewhere/c.yaml': 'k: elsewhere\n', 'elsewhere/sub/x.yaml': 'a: 1\n'}, ['k'],
 hiera=None, settings={'hiera_config': 'conf/hiera.yaml'})
scn('hier-nested-yaml-path-no-ext', 'hierarchy', {'data/common': 'k: noext\n', 'common.yaml': 'k: ext\n'}, ['k'], hiera=H('common'), note='v5 never appends .yaml')
scn('hier-path-directory', 'hierarchy', {'data/common.yaml/x.yaml': 'k: 1\n'}, ['k'], note='path exists but is a directory')
scn('hier-undefined-in-path', 'hierarchy', {'data/nodes/.yaml': 'k: emptyname\n', 'common.yaml': 'k: common\n'}, ['k'], hiera=H('nodes/%{facts.nope}.yaml', 'common.yaml'))
scn('hier-empty-fact-in-path', 'hierarchy', {'data/nodes/.yaml': 'k: emptyname\n', 'common.yaml': 'k: common\n'}, ['k'], hiera=H('nodes/%{facts.empty}%{nul}.yaml', 'common.yaml'))
scn('hier-fact-types-in-path', 'hierarchy', {'data/4-true-0-1.5.yaml': 'k: typed\n'}, ['k'], hiera=H('%{facts.processors.count}-%{is_virtual}-%{zero}-%{facts.ratio}.yaml'))
scn('hier-fact-hash-in-path', 'hierarchy', {'common.yaml': 'k: common\n'}, ['k'], hiera=H('%{facts.os}.yaml', 'common.yaml'))
scn('hier-method-in-path', 'hierarchy', {'common.yaml': 'k: common\nrole: web\n'}, ['k'], hiera=H("%{lookup('role')}.yaml", 'common.yaml'))
scn('hier-options-ignored', 'hierarchy', {'common.yaml': 'k: common\n'}, ['k'], hiera="version: 5\ndefaults: {datadir: data, data_hash: yaml_data}\nhierarchy:\n  - {name: c, path: common.yaml, options: {foo: bar}}\n", note='yaml_data accepts only path')
scn('hier-same-level-path-twice', 'hierarchy', {'common.yaml': 'k: [a]\n'}, ['k', ('k', {'merge': 'unique'}), ('k', {'merge': 'deep'})], hiera=H('common.yaml', 'common.yaml'))
CFGERR = {
 'version-missing': "hierarchy:\n  - {name: c, path: common.yaml}\n",
 'version-string': "version: '5'\nhierarchy:\n  - {name: c, path: common.yaml}\n",
 'version-6': "version: 6\nhierarchy:\n  - {name: c, path: common.yaml}\n",
 'version-4': "version: 4\ndatadir: data\nhierarchy:\n  - {name: common, backend: yaml}\n",
 'version-3': ":backends: [yaml]\n:hierarchy: [common]\n:yaml:\n  :datadir: data\n",
 'empty-file': "",
 'only-comment': "# nothing\n",
 'list': "- a\n",
 'bad-yaml': "version: 5\nhierarchy: [\n",
 'name-missing': "version: 5\nhierarchy:\n  - {path: common.yaml}\n",
 'dup-name': "version: 5\nhierarchy:\n  - {name: c, path: common.yaml}\n  - {name: c, path: b.yaml}\n",
 'unknown-key': "version: 5\nhierarchy:\n  - {name: c, path: common.yaml, foo: bar}\n",
 'unknown-top-key': "version: 5\nfoo: 1\nhierarchy:\n  - {name: c, path: common.yaml}\n",
 'path-and-paths': "version: 5\nhierarchy:\n  - {name: c, path: common.yaml, paths: [a.yaml]}\n",
 'paths-empty': "version: 5\nhierarchy:\n  - {name: c, paths: []}\n",
 'path-empty': "version: 5\nhierarchy:\n  - {name: c, path: ''}\n",
 'paths-string': "version: 5\nhierarchy:\n  - {name: c, paths: common.yaml}\n",
 'no-location': "version: 5\nhierarchy:\n  - {name: c}\n",
 'hierarchy-empty': "version: 5\nhierarchy: []\n",
 'hierarchy-null': "version: 5\nhierarchy:\n",
 'hierarchy-strings': "version: 5\nhierarchy: [common]\n",
 'two-functions': "version: 5\nhierarchy:\n  - {name: c, path: common.yaml, data_hash: yaml_data, lookup_key: eyaml_lookup_key}\n",
 'unknown-function': "version: 5\nhierarchy:\n  - {name: c, path: common.yaml, data_hash: toml_data}\n",
 'default-hierarchy-global': "version: 5\nhierarchy:\n  - {name: c, path: common.yaml}\ndefault_hierarchy:\n  - {name: d, path: common.yaml}\n",
 'reserved-option': "version: 5\nhierarchy:\n  - {name: c, path: common.yaml, options: {path: x}}\n",
 'mapped-two': "version: 5\nhierarchy:\n  - {name: c, mapped_paths: [a, b]}\n",
 'symbol-keys': ":version: 5\n:hierarchy:\n  - :name: c\n    :path: common.yaml\n",
 'defaults-path': "version: 5\ndefaults: {path: common.yaml}\nhierarchy:\n  - {name: c}\n",
 'defaults-null': "version: 5\ndefaults:\nhierarchy:\n  - {name: c, path: common.yaml}\n",
 'uri': "version: 5\nhierarchy:\n  - {name: c, uri: 'file:///x'}\n",
 'merge-key': "x: &d {datadir: data}\nversion: 5\nhierarchy:\n  - {name: c, path: common.yaml}\n",
}
for n, y in CFGERR.items():
    scn('conf-' + n, 'config', {'common.yaml': 'k: common\n'}, ['k'], hiera=y)
scn('conf-missing-file', 'config', {'common.yaml': 'k: common\n'}, ['k'], hiera=None, settings={'hiera_config': 'nonexistent.yaml'}, note='--hiera_config names a file that does not exist')
# ------------------------------------------------------------------ interpolation
scn('interp-scope', 'interpolation', {'common.yaml': r'''
os: "%{facts.os.family}"
os2: "%{::os.family}"
os3: "%{os.family}"
host: "%{::hostname}"
host2: "%{hostname}"
host3: "%{ hostname }"
host4: "a%{hostname}b%{facts.role}c"
cert: "%{trusted.certname}"
cert2: "%{::trusted.certname}"
tdom: "%{trusted.domain}|%{trusted.hostname}|%{trusted.authenticated}"
env: "%{environment}/%{::environment}/%{server_facts.environment}"
undef: "[%{nothere}]"
undef2: "[%{::nothere}]"
undef3: "[%{facts.nothere}]"
undef4: "[%{facts.os.nothere.deeper}]"
undef5: "[%{facts.hostname.deeper}]"
num: "%{facts.processors.count}"
bool: "%{is_virtual}"
float: "%{facts.ratio}"
hash: "%{facts.maps}"
arr: "%{facts.list}"
arr0: "%{facts.list.0}"
arr9: "[%{facts.list.9}]"
arrneg: "[%{facts.list.-1}]"
nul: "[%{facts.nul}]"
deep: "%{facts.networking.interfaces.eth0.bindings.0.address}"
quoted: "%{facts.'dotted.fact'}"
quoted2: "%{facts.\"dotted.fact\"}"
unq: "[%{facts.dotted.fact}]"
dotted3: "%{'dotted.fact'}"
empty1: "[%{}]"
empty2: "[%{::}]"
empty3: "[%{''}]"
unclosed: "[%{hostname]"
nested: "%{facts.%{role}}"
dbl: "%%{hostname}"
pct: "50% of %{hostname}"
dollar: "%${hostname}"
spaces: "%{ facts.role }"
tmpl: "{{ %{hostname} }}"
multi: |
  line1 %{hostname}
  line2 %{facts.role}
list: ["%{hostname}", 1, {"%{role}": "%{facts.os.name}"}]
"%{role}_key": keyinterp
map:
  "%{hostname}": hv
  plain: "%{role}"
modname: "[%{module_name}|%{calling_module}|%{calling_class}]"
'''}, keys('''os os2 os3 host host2 host3 host4 cert cert2 tdom env undef undef2 undef3 undef4 undef5 num bool float hash arr arr0 arr9 arrneg nul deep quoted quoted2
 unq dotted3 empty1 empty2 empty3 unclosed nested dbl pct dollar spaces tmpl multi list web_key %{role}_key map map.web01 modname'''))
scn('interp-methods', 'interpolation', {'common.yaml': r'''
s: str
i: 42
f: 1.5
t: true
n: ~
l: [a, 1, "%{hostname}"]
h: {x: {y: [10, 20]}, 'd.k': dk}
ch: "%{lookup('ch2')}!"
ch2: "%{hiera('ch3')}?"
ch3: "%{facts.role}"
ls: "<%{lookup('s')}>"
li: "%{lookup('i')}"
lf: "%{lookup('f')}"
lt: "%{lookup('t')}"
ln: "[%{lookup('n')}]"
ll: "%{lookup('l')}"
lh: "%{lookup('h')}"
lmiss: "[%{lookup('missing')}]"
hs: "%{hiera('s')}"
hi: "%{hiera(\"i\")}"
ai: "%{alias('i')}"
al: "%{alias('l')}"
ah: "%{alias('h')}"
at: "%{alias('t')}"
an: "%{alias('n')}"
amiss: "%{alias('missing')}"
achain: "%{alias('ai')}"
apart: "x%{alias('i')}"
aspace: " %{alias('i')}"
atrail: "%{alias('i')} "
ainner: "%{ alias('i') }"
adig: "%{alias('h.x.y')}"
adig1: "%{alias('h.x.y.1')}"
ldig: "%{lookup('h.x.y.0')}"
lq: "%{lookup(\"h.'d.k'\")}"
lit: "%{literal('%')}{hostname}"
lit2: "%{literal('%{')}hostname}"
lit3: "%{literal('x y')}"
unk: "%{upcase('s')}"
scopefn: "%{scope('hostname')}"
bad1: "%{lookup(s)}"
bad2: "%{lookup('s}"
bad3: "%{lookup( 's' )}"
bad4: "[%{lookup('')}]"
alist: ["%{alias('i')}", "%{alias('l')}", "%{alias('h')}"]
akey: {"%{alias('s')}": 1}
ikey: {"%{alias('i')}": 1}
lkey: {"%{lookup('i')}": 1}
two: "%{lookup('s')}-%{lookup('i')}"
typed: "%{lookup('i')}0"
data_interp: "%{lookup('ch3')}"
'''}, keys('''s ch ls li lf lt ln ll lh lmiss hs hi ai al ah at an amiss achain apart aspace atrail ainner adig adig1 ldig lq lit lit2 lit3 unk scopefn bad1 bad2 bad3 bad4
 alist akey ikey lkey two typed data_interp h h.x.y.1''') + ["h.'d.k'"])
scn('interp-recursive', 'errors', {'common.yaml': r'''
a: "%{lookup('b')}"
b: "%{lookup('a')}"
self: "%{lookup('self')}"
aself: "%{alias('aself')}"
c: {x: "%{lookup('c.y')}", y: 1}
d: "%{lookup('e')} %{lookup('e')}"
e: fine
x: "%{x}"
lo: "%{lookup('p.q')}"
p: {q: "%{lookup('lo')}", r: 2}
'''}, keys('a b self aself c c.y d x lo p.r'))
scn('interp-cross-level', 'interpolation', {'a.yaml': "port: 99\nm: {a: \"%{lookup('v')}\"}\n", 'b.yaml': "port: 1\nurl: \"h:%{lookup('port')}\"\nv: vb\nm: {b: \"%{lookup('port')}\"}\nlst: [\"%{lookup('port')}\"]\nal: \"%{alias('m')}\"\nlookup_options: {m: {merge: hash}}\n"},
 ['url', 'm', ('m', {'merge': 'first'}), 'lst', 'al', 'al.b'], hiera=H('a.yaml', 'b.yaml'), note='lookup() inside data honours lookup_options and the whole hierarchy')
scn('interp-alias-merge', 'interpolation', {'a.yaml': "l: \"%{alias('extra')}\"\nh: \"%{alias('eh')}\"\n", 'b.yaml': "l: [b]\nextra: [x, y]\nh: {b: 1}\neh: {e: 1}\n"},
 [('l', {'merge': 'unique'}), ('h', {'merge': 'hash'}), ('h', {'merge': 'deep'}), 'h.e'], hiera=H('a.yaml', 'b.yaml'))
# ------------------------------------------------------------------ dotted keys
scn('dig', 'dig', {'a.yaml': "h: {only_a: 1}\n", 'common.yaml': r'''
a: {b: [ {c: zero}, {c: one, "d.e": quoted} ], '0': strzero, 5: intfive, nul: ~, t: {x: false}}
'x.y': literal_dotted
x: {y: dug}
"sp ace": {"k v": 1}
h: {b: 2}
arr: [[1,2],[3,4]]
str: hello
n: ~
num: 7
"%{role}": {z: 1}
"q'uote": 1
'''}, ['a.b.0.c', 'a.b.1.c', 'a.b.1."d.e"', "a.b.1.'d.e'", 'a.b.2', 'a.b.2.c', 'a.b.-1', 'a.0', "a.'0'", 'a.5', "a.'5'", 'a.nul', 'a.nul.x', 'a.t.x', 'x.y', "'x.y'", '"x.y"',
 'sp ace.k v', 'sp ace', ' a . b ', 'arr.1.0', 'arr.1', 'str.x', 'str.0', 'n.x', 'num.x', 'h.b', ('h.b', {'merge': 'hash'}), ('h.b', {'merge': 'deep'}), 'h.only_a', 'a.', '.a', 'a..b', 'a.b.c', 'a.b.0c', 'a.b.00.c', 'a.b.+0.c',
 "a.'b", "q'uote", '""', ('a.b.9', {'default': 'dd'}), ('a.b.0.c.d', {'default': 'dd'}), ('str.x', {'default': 'dd'}), 'lookup_options', 'lookup_options.a', 'a.b:0', 'web.z', '%{role}.z'],
 hiera=H('a.yaml', 'common.yaml'))
# ------------------------------------------------------------------ merge
LV = {'hi.yaml': r'''
arr: [c, a, [n, m]]
h: {k1: hi, sub: {x: 1, l: [1, 2]}, gone: keep}
s: hi
mixed: [1, 2]
mixh: {a: 1}
hs: {a: 1}
nul: ~
nulh: {a: ~}
ko: ['--a', z]
koh: {'--k2': x, k3: new, list: ['--one', three], sub: '--', str: '--'}
ha: [{n: 1, v: hi}, {n: 2}]
dup: [a, a, b]
single_dup: [x, x, [x]]
empty: []
emptyh: {}
f: false
''', 'lo.yaml': r'''
arr: [b, a, m]
h: {k1: lo, k2: lo, sub: {y: 2, x: 9, l: [2, 3]}, gone: {was: hash}}
s: lo
mixed: {a: 1}
mixh: [x]
hs: str
nul: [1]
nulh: {a: {b: 1}}
ko: [a, b, c]
koh: {k1: 1, k2: 2, k3: old, list: [one, two], sub: {x: 1}, str: text}
ha: [{n: 9, w: lo}, {n: 2, q: 1}, {n: 3}]
dup: [b, b, c]
low_only: [q, q]
low_onlyh: {z: 1}
empty: [a]
emptyh: {a: 1}
f: true
'''}
cs = []
for k in ['arr', 'h', 's', 'mixed', 'mixh', 'hs', 'nul', 'nulh', 'dup', 'single_dup', 'low_only', 'low_onlyh', 'empty', 'emptyh', 'f', 'ha']:
    for m in ['unique', 'hash', 'deep']:
        cs.append((k, {'merge': m}))
cs += [(k, {'merge': 'deep', 'knockout_prefix': '--'}) for k in ['ko', 'koh', 'h', 'arr']]
cs += [(k, {'merge': 'deep', 'sort_merged_arrays': True}) for k in ['arr', 'h', 'ko', 'dup', 'single_dup', 'mixed']]
cs += [(k, {'merge': 'deep', 'merge_hash_arrays': True}) for k in ['ha', 'arr', 'h']]
cs += [('koh', {'merge': 'deep', 'knockout_prefix': '--', 'sort_merged_arrays': True}), ('ko', {'merge': 'deep'}), ('h', {'merge': 'bogus'}), ('h', {'merge': 'hash', 'knockout_prefix': '--'}), ('h', {'merge': 'first'}), ('missing', {'merge': 'deep'}), ('missing', {'merge': 'unique', 'default': 'd'}),
 ('h.sub', {'merge': 'deep'}), ('h.sub.l', {'merge': 'deep'}), ('h.sub.x', {'merge': 'hash'}), ('h.sub.y', {'merge': 'first'})]
scn('merge-two-levels', 'merge', LV, cs, hiera=H('hi.yaml', 'lo.yaml'))
scn('merge-three-levels', 'merge', {'a.yaml': "l: [a1, '--b1', '--c1']\nh: {x: {a: 1}, y: '--', '--z': ~}\nm: [1]\n", 'b.yaml': "l: [b1, b2]\nh: {x: {b: 2, l: [b]}, y: {b: 1}, z: b}\nm: {a: 1}\n", 'c.yaml': "l: [c1, a1]\nh: {x: {c: 3, l: [c]}, y: {c: 1}, z: c, w: 1}\nm: str\n"},
 [('l', {'merge': 'unique'}), ('l', {'merge': 'deep'}), ('l', {'merge': 'deep', 'knockout_prefix': '--'}), ('h', {'merge': 'deep'}), ('h', {'merge': 'deep', 'knockout_prefix': '--'}), ('h', {'merge': 'hash'}), ('m', {'merge': 'deep'}), ('m', {'merge': 'unique'}), ('m', {'merge': 'hash'}), 'h.x.l', ('h.x.l', {'merge': 'deep'})],
 hiera=H('a.yaml', 'b.yaml', 'c.yaml'))
scn('merge-paths-vs-levels', 'merge', {'a.yaml': "l: [a]\nh: {k: [a]}\n", 'b.yaml': "l: [b]\nh: {k: [b]}\n", 'c.yaml': "l: [c]\nh: {k: [c]}\n"},
 [('l', {'merge': 'unique'}), ('h', {'merge': 'deep'}), ('l', {'merge': 'deep'}), ('h', {'merge': 'hash'})], hiera="version: 5\nhierarchy:\n  - {name: one, paths: [a.yaml, b.yaml]}\n  - {name: two, path: c.yaml}\n", note='order of arrays differs: nested merge within a level then across levels')
scn('merge-deep-knockout-quirks', 'merge', {'hi.yaml': r'''
h1: {list: ['--']}
h2: {list: '--x,--y'}
h3: {'--': 1, a: 2}
h4: {a: {'--b': ~, c: 3}}
h5: {a: '--b'}
h6: {list: ['--x', x]}
h7: {list: [x, '--x']}
h8: {a: ['--', new]}
h9: {list: ['--1', 2]}
''', 'lo.yaml': r'''
h1: {list: [a, b]}
h2: {list: [x, y, z]}
h3: {b: 1}
h4: {a: {b: {z: 1}, d: 4}}
h5: {a: b}
h6: {list: [x, y]}
h7: {list: [x, y]}
h8: {a: [old]}
h9: {list: [1, 3]}
'''}, [(f'h{i}', {'merge': 'deep', 'knockout_prefix': '--'}) for i in range(1, 10)] + [('h1', {'merge': 'deep', 'knockout_prefix': ''}), ('h2', {'merge': 'deep'})], hiera=H('hi.yaml', 'lo.yaml'))
# ------------------------------------------------------------------ lookup_options
scn('lo-exact-regex', 'lookup_options', {'hi.yaml': r'''
lookup_options:
  '^p::.*_list$': {merge: unique}
  p::b_hash: {merge: hash}
p::a_list: [1, 2]
p::exact_list: [1, 2]
p::b_hash: {a: {x: 1}}
p::c_hash: {a: {x: 1}}
p::d: {l: ['--1', 2]}
p::e: [3, 1]
p::f: [{a: 1}]
p::plain: [1]
q::z: {a: 1}
xp::y_list: [1]
''', 'lo.yaml': r'''
lookup_options:
  p::exact_list: {merge: first}
  '^p::c': {merge: deep}
  '^p::d$': {merge: {strategy: deep, knockout_prefix: '--'}}
  p::e: {merge: {strategy: deep, sort_merged_arrays: true}}
  p::f: {merge: {strategy: deep, merge_hash_arrays: true}}
  '^q::': {merge: hash}
  'q::z': {merge: deep}
  'p::.*': {merge: unique}
p::a_list: [2, 3]
p::exact_list: [9]
p::b_hash: {a: {y: 2}, b: 1}
p::c_hash: {a: {y: 2}}
p::d: {l: [1, 3]}
p::e: [2, 1]
p::f: [{b: 2}, {c: 3}]
p::plain: [2]
q::z: {b: 2}
xp::y_list: [2]
'''}, keys('p::a_list p::exact_list p::b_hash p::c_hash p::d p::e p::f p::plain q::z xp::y_list p::b_hash.a p::b_hash.b p::c_hash.a.y') + [('p::a_list', {'merge': 'first'}), ('p::b_hash', {'merge': 'deep'}), ('p::d', {'merge': 'deep'})],
 hiera=H('hi.yaml', 'lo.yaml'))
scn('lo-override-order', 'lookup_options', {'hi.yaml': "lookup_options:\n  k: {merge: first}\n  '^z': {merge: first}\nk: {a: 1}\nz: {a: 1}\nzz: {a: 1}\n", 'lo.yaml': "lookup_options:\n  k: {merge: hash}\n  '^zz': {merge: hash}\nk: {b: 1}\nz: {b: 1}\nzz: {b: 1}\n"},
 ['k', 'z', 'zz'], hiera=H('hi.yaml', 'lo.yaml'), note='lookup_options themselves are hash-merged over levels; patterns tried in merged-hash order')
scn('lo-interp', 'lookup_options', {'hi.yaml': "k: [1]\nm: [1]\n", 'lo.yaml': "strat: unique\nlookup_options:\n  k: {merge: \"%{lookup('strat')}\"}\n  m: \"%{alias('mo')}\"\nmo: {merge: unique}\nk: [2]\nm: [2]\n"}, ['k', 'm'], hiera=H('hi.yaml', 'lo.yaml'))
for n, lo in {'bad-strategy': "{k: {merge: bogus}}", 'not-hash': "[k]", 'string-value': "{k: unique}", 'bad-regex': "{'^(k': {merge: unique}}", 'no-strategy': "{k: {merge: {knockout_prefix: x}}}", 'unknown-opt': "{k: {merge: {strategy: deep, foo: 1}}}",
   'preserve': "{k: {merge: {strategy: deep, preserve_unmergeables: true}}}", 'hash-with-ko': "{k: {merge: {strategy: hash, knockout_prefix: '--'}}}", 'null': "~", 'null-key': "{k: ~}", 'unconstrained': "{k: {merge: {strategy: unconstrained_deep, foo: 1}}}",
   'reverse': "{k: {merge: reverse_deep}}", 'default-strategy': "{k: {merge: default}}", 'unknown-key': "{k: {mrege: unique}}", 'int-key': "{5: {merge: unique}}"}.items():
    scn('lo-err-' + n, 'lookup_options', {'hi.yaml': "k: [1]\n", 'lo.yaml': f"lookup_options: {lo}\nk: [2]\nother: 1\n"}, ['k', 'other'], hiera=H('hi.yaml', 'lo.yaml'))
scn('lo-convert', 'convert_to', {'common.yaml': r'''
lookup_options:
  i: {convert_to: Integer}
  hexi: {convert_to: [Integer, 16]}
  bad: {convert_to: Integer}
  s: {convert_to: String}
  sl: {convert_to: String}
  sens: {convert_to: Sensitive}
  senh: {convert_to: Sensitive}
  b: {convert_to: Boolean}
  b2: {convert_to: Boolean}
  fl: {convert_to: Float}
  arr: {convert_to: Array}
  arrs: {convert_to: ['Array', true]}
  hsh: {convert_to: Hash}
  num: {convert_to: Numeric}
  oct: {convert_to: Integer}
  ts: {convert_to: Timespan}
  tsp: {convert_to: Timestamp}
  ver: {convert_to: SemVer}
  badtype: {convert_to: 'Integr'}
  badtype2: {convert_to: 'Integer['}
  rng: {convert_to: 'Integer[1,10]'}
  rngbad: {convert_to: 'Integer[1,10]'}
  enum: {convert_to: "Enum[a,b]"}
  nul: {convert_to: Integer}
  miss: {convert_to: Integer}
  '^re_': {convert_to: Integer}
  both: {merge: unique, convert_to: Array}
  dig: {convert_to: Integer}
  set: {convert_to: Set}
i: '42'
hexi: 'ff'
bad: 'abc'
s: 42
sl: [1, two]
sens: secret
senh: {a: secret}
b: 'yes'
b2: 'maybe'
fl: '1.5'
arr: {a: 1}
arrs: str
hsh: [[a, 1], [b, 2]]
num: '0x10'
oct: '010'
ts: '1-00:00:00'
tsp: '2020-01-01'
ver: '1.2.3'
badtype: 1
badtype2: 1
rng: '5'
rngbad: '50'
enum: a
nul: ~
re_x: '7'
both: [a, a]
dig: {x: '5'}
set: [1]
'''}, keys('i hexi bad s sl sens senh b b2 fl arr arrs hsh num oct ts tsp ver badtype badtype2 rng rngbad enum nul miss re_x both dig dig.x set') + [('miss', {'default': '12'}), ('i', {'type': 'String'}), ('i', {'type': 'Integer'}), ('s', {'type': 'Integer'}), ('s', {'type': 'Sensitive'}), ('i', {'default': 'x'})])
# ------------------------------------------------------------------ YAML quirks
scn('yaml-scalars', 'yaml', {'common.yaml': r'''
b_yes: yes
b_no: no
b_on: on
b_off: off
b_y: y
b_n: n
b_Yes: Yes
b_NO: NO
b_True: True
b_TRUE: TRUE
b_tRue: tRue
q_yes: "yes"
i_oct: 0644
i_oct2: 0o644
i_oct_bad: 0899
i_hex: 0xFF
i_bin: 0b101
i_us: 1_000
i_us2: 1__0
i_us3: _1
i_comma: 1,000
i_comma2: 1,0,0
i_plus: +5
i_neg: -5
i_big: 123456789012345678901234567890
i_zero: 00
i_sexa: 12:30
i_sexa3: 1:30:45
i_sexa_s: 22:22
i_sexa_bad: 12:99
i_sexa_port: 8080:80
f_sexa: 190:20:30.15
f_exp: 1e3
f_exp2: 1.0e+3
f_exp3: 1.5E2
f_dot: .5
f_trail: 5.
f_us: 1_000.5
f_ver: 1.10
f_ver3: 1.2.3
f_neg0: -0.0
n_tilde: ~
n_null: null
n_Null: Null
n_NULL: NULL
n_nil: nil
n_empty:
n_none: None
sym: :foo
symq: :"foo bar"
symk:
  :a: 1
  ":b": 2
  b: :c
symarr:
  - :x
  - ":y"
colon: "a: b"
url: http://x.y/z
time: 10:20:30Z
ip: 10.0.0.1
mac: 00:11:22:33:44:55
mac2: 12:34:56:21:12:05
at: "@x"
pct: "%x"
tag_str: !!str 123
tag_int: !!int "42"
tag_float: !!float 3
merge_s: <<
eq: =
ver: v1.2
spaces: a   b
multi: a
  b
  c
dq_esc: "a\tb\u00e9\x41"
sq_esc: 'it''s'
unicode: héllo ✓
inf: .inf
neginf: -.Inf
nan: .nan
'''}, keys('''b_yes b_no b_on b_off b_y b_n b_Yes b_NO b_True b_TRUE b_tRue q_yes i_oct i_oct2 i_oct_bad i_hex i_bin i_us i_us2 i_us3 i_comma i_comma2 i_plus i_neg i_big i_zero
 i_sexa i_sexa3 i_sexa_s i_sexa_bad i_sexa_port f_sexa f_exp f_exp2 f_exp3 f_dot f_trail f_us f_ver f_ver3 f_neg0 n_tilde n_null n_Null n_NULL n_nil n_empty n_none sym symq symk symarr colon url time ip mac mac2
 at pct tag_str tag_int tag_float merge_s eq ver spaces multi dq_esc sq_esc unicode inf neginf nan''') + [(k, {'render_as': 's'}) for k in ('inf', 'neginf', 'nan')])
scn('yaml-keys', 'yaml', {'common.yaml': r'''
yes: bool_key
1: int_key
1.5: float_key
~: null_key
:sym: symbol_key
"q": quoted
0644: octal_key
h:
  1: a
  yes: b
  1.5: d
hn: {~: c}
hs:
  :s: e
"a b": space
'': emptykey
on: onkey
true: truekey
'''}, ['yes', 'true', '1', '1.5', "'1.5'", 'sym', ':sym', 'q', '0644', '420', 'h', 'h.1', 'h.yes', 'hn', 'hs', 'hs.s', 'a b', 'on', '~'])
scn('yaml-hash-int-key', 'yaml', {'common.yaml': "h: {1: a, b: 2}\nhs: {'1': a}\n", 'z.yaml': 'h: {2: z}\n'}, ['h', ('h', {'merge': 'hash'}), ('h', {'merge': 'deep'}), 'h.1', 'hs.1'], hiera=H('common.yaml', 'z.yaml'))
scn('yaml-anchors', 'yaml', {'common.yaml': r'''
base: &b {x: 1, y: {z: 2}}
alias: *b
merged: {<<: *b, x: 9}
merged_after: {x: 9, <<: *b}
b2: &b2 {w: 5, x: 7}
multi: {<<: [*b, *b2], q: 1}
list: &l [1, 2]
list2: [*l, 3]
quoted_merge: {"<<": *b}
bad_merge: {<<: str}
nested: {<<: {i: 1}}
'''}, keys('alias merged merged_after multi list2 quoted_merge bad_merge nested'))
scn('yaml-dup-keys', 'yaml', {'common.yaml': "k: first\nk: second\nh: {a: 1, a: 2}\nh2: {1: a, 1: b}\nm: {x: 1}\nm: {y: 2}\n"}, keys('k h h2 m'))
scn('yaml-multidoc', 'yaml', {'common.yaml': "---\nk: doc1\n---\nk: doc2\nj: 2\n"}, keys('k j'))
scn('yaml-docend', 'yaml', {'common.yaml': "---\nk: doc1\n...\ngarbage: [\n"}, ['k'])
scn('yaml-date', 'yaml', {'common.yaml': "k: fine\nd: 2024-01-31\n"}, keys('k d'), note='one unquoted date poisons the whole file')
scn('yaml-datetime', 'yaml', {'common.yaml': "k: fine\nd: 2024-01-31 10:00:00\n"}, keys('k d'))
scn('yaml-date-quoted', 'yaml', {'common.yaml': "k: fine\nd: '2024-01-31'\ng: 2024-01\nh: 20240131\n"}, keys('k d g h'))
scn('yaml-date-short', 'yaml', {'common.yaml': "k: fine\ne: 2024-1-3\n"}, keys('k e'))
scn('yaml-date-bad', 'yaml', {'common.yaml': "k: fine\nf: 2024-01-99\n"}, keys('k f'))
scn('yaml-sym-flow', 'errors', {'common.yaml': "k: fine\nf: {:a: 1}\n"}, keys('k f'), note='symbol key in a flow mapping is a libyaml syntax error')
scn('yaml-omap', 'yaml', {'common.yaml': "k: fine\nf: !!omap [a: 1, b: 2]\n"}, keys('k f'))
scn('yaml-ruby-object', 'yaml', {'common.yaml': "k: fine\no: !ruby/object:OpenStruct {a: 1}\n"}, keys('k o'))
scn('yaml-custom-tag', 'yaml', {'common.yaml': "k: fine\no: !foo bar\nh: !foo {a: 1}\nb: !!binary aGVsbG8=\ns: !!set {a, b}\nom: !!omap [a: 1]\nsy: !ruby/symbol x\nrg: !ruby/regexp /x/\n"}, keys('k o h b s om sy'))
scn('yaml-custom-tag2', 'yaml', {'common.yaml': "k: fine\no: !foo bar\nh: !foo {a: 1}\nb: !!binary aGVsbG8=\nsy: !ruby/symbol x\n"}, keys('k o h b sy'))
scn('yaml-bom-crlf', 'yaml', {'common.yaml': "\ufeff---\r\nk: crlf\r\nb: |\r\n  x\r\n  y\r\n"}, keys('k b'))
scn('yaml-bom-nodoc', 'yaml', {'common.yaml': "\ufeffk: bom\nj: 1\n"}, keys('k j'))
for n, (t, ks) in {'tab': ("k:\n\tx: 1\n", 'k'), 'bad-indent': ("k: 1\n  j: 2\n", 'k'), 'unclosed': ("k: [1, 2\nj: 1\n", 'k j'), 'percent-plain': ("k: %{hostname}\n", 'k'), 'at-plain': ("k: @x\n", 'k'), 'undef-alias': ("k: *nope\n", 'k'), 'colon-in-plain': ("k: a: b\n", 'k'),
   'top-list': ("- a\n- b\n", 'k'), 'top-string': ("hello\n", 'k'), 'top-int': ("42\n", 'k'), 'top-false': ("false\n", 'k'), 'top-null': ("~\n", 'k'), 'empty': ("", 'k'), 'comment': ("# only\n", 'k'), 'dashes': ("---\n", 'k'), 'directive': ("%YAML 1.1\n---\nk: 1\n", 'k'), 'directive12': ("%YAML 1.2\n---\nk: yes\no: 0644\n", 'k o'), 'top-brace': ("{}\n", 'k')}.items():
    scn('yaml-file-' + n, 'yaml' if n in ('directive', 'directive12', 'empty', 'comment', 'dashes', 'top-brace') else 'errors', {'common.yaml': t, 'low.yaml': 'k: low\n'}, ks.split(), hiera=H('common.yaml', 'low.yaml'))
scn('yaml-bad-low-level', 'errors', {'hi.yaml': 'k: hi\n', 'low.yaml': 'k: [\n'}, ['k', 'other', ('k', {'merge': 'unique'}), ('k', {'default': 'd'}), ('other', {'default': 'd'})], hiera=H('hi.yaml', 'low.yaml'), note='lookup_options are searched in every file, so a broken lower file breaks even keys found above')
scn('yaml-strict-nonhash', 'errors', {'common.yaml': "- a\n", 'low.yaml': 'k: low\n'}, ['k'], hiera=H('common.yaml', 'low.yaml'), settings={'strict': 'error'}, note='Puppet 8 default strict=error')
scn('yaml-strict-vars', 'errors', {'common.yaml': "k: '[%{nothere}]'\nf: '[%{facts.nothere}]'\ng: '[%{facts.nothere.x}]'\n"}, keys('k f g'), settings={'strict_variables': 'true', 'strict': 'error'}, note='Puppet 8 defaults')
# ------------------------------------------------------------------ nulls, defaults, facts
scn('nulls', 'null', {'hi.yaml': "n: ~\nh: {a: ~}\nl: [~, 1]\n", 'lo.yaml': "n: low\nh: {a: 1, b: ~}\nl: [2]\ne: ''\nf: false\nz: 0\n"},
 ['n', ('n', {'default': 'd'}), ('n', {'merge': 'unique'}), ('n', {'merge': 'deep'}), ('n', {'merge': 'hash'}), 'h', 'h.a', ('h.a', {'default': 'd'}), ('h', {'merge': 'hash'}), ('h', {'merge': 'deep'}), ('l', {'merge': 'unique'}), 'e', ('e', {'default': 'd'}), 'f', 'z', ('missing', {'default': ''}), ('missing', {'default': '5'}), ('missing', {'default': 'x', 'type': 'Integer'})],
 hiera=H('hi.yaml', 'lo.yaml'))
scn('facts-types', 'facts', {'common.yaml': "a: \"%{facts.a}|%{facts.b}|%{facts.c}|%{facts.d}|%{facts.e}\"\ntop: \"%{a}|%{b}|%{c}|%{d}\"\nx: \"%{facts.x-y.0.z}\"\n"},
 keys('a top x'), facts={'a': 1, 'b': True, 'c': 2.50, 'd': 'str', 'e': None, 'x-y': [{'z': 'dash'}]})
scn('facts-reserved-name', 'facts', {'common.yaml': "k: 1\n"}, ['k'], facts={'facts': 'shadow'})
scn('facts-no-trusted', 'facts', {'common.yaml': "c: \"%{trusted.certname}|%{clientcert}|%{facts.clientcert}|%{facts.fqdn}\"\n"}, ['c'], facts={'role': 'x'}, note='clientcert not overridden: trusted.certname comes from --node')
scn('facts-partial-trusted', 'facts', {'common.yaml': "c: 1\n"}, ['c'], facts={'hostname': 'x'}, note='must override all of hostname,domain,fqdn,clientcert or none')
# ------------------------------------------------------------------ json / hocon / eyaml
scn('json-data', 'json', {'a.json': '{"k": "json %{hostname}", "n": 1.0, "big": 12345678901234567890, "nul": null, "h": {"a": [1, {"b": true}]}, "dup": 1, "dup": 2, "e": 1e2, "u": "\\u00e9", "lookup_options": {"l": {"merge": "unique"}}, "l": [1]}', 'b.yaml': "l: [2]\nk: yaml\n"},
 keys('k n big nul h h.a.1.b dup e u l'), hiera="version: 5\nhierarchy:\n  - {name: j, path: a.json, data_hash: json_data}\n  - {name: y, path: b.yaml}\n")
for n, t in {'trailing-comma': '{"k": 1,}', 'comment': '{"k": 1 /* c */}', 'empty': '', 'list': '[1]', 'nan': '{"k": NaN}', 'string': '"x"', 'bom': '\ufeff{"k": 1}', 'null': 'null', 'single-quotes': "{'k': 1}"}.items():
    scn('json-' + n, 'json', {'a.json': t, 'b.yaml': 'k: yaml\nm: 1\n'}, ['k', 'm'], hiera="version: 5\nhierarchy:\n  - {name: j, path: a.json, data_hash: json_data}\n  - {name: y, path: b.yaml}\n")
scn('hocon-data', 'hocon', {'a.conf': 'k = v\na { b = [1,2], c : ${k} }\np.q.r = 5\n'}, ['k', 'a', 'p', 'p.q.r', 'a.b.1'], hiera="version: 5\nhierarchy:\n  - {name: h, path: a.conf, data_hash: hocon_data}\n")
EY = "version: 5\nhierarchy:\n  - name: e\n    path: secret.eyaml\n    lookup_key: eyaml_lookup_key\n    options:\n      pkcs7_private_key: keys/private_key.pkcs7.pem\n      pkcs7_public_key: keys/public_key.pkcs7.pem\n  - {name: c, path: common.yaml}\n"
scn('eyaml', 'eyaml', {'secret.eyaml': r'''
plain: hello %{hostname}
enc: @@ENC:s3cret@@
enc_nl: @@ENC:trail\n@@
enc_fold: >
  @@ENCFOLD:folded secret@@
embedded: "user:@@ENC:pw@@:x"
two: "@@ENC:a@@-@@ENC:b@@"
nested: {list: ["@@ENC:in list@@", 1], "k_%{role}": "@@ENC:deep@@"}
interp: "@@ENC:host %{hostname}@@"
numlike: @@ENC:42@@
boollike: @@ENC:true@@
enc_int: !!int 5
unicode: @@ENC:héllo@@
pct: "@@ENC:100%@@"
bad: ENC[PKCS7,AAAA]
badscheme: ENC[GPG,hQEMA]
notenc: "ENC[] x"
lookup_options: {nested: {merge: deep}, enc: {convert_to: Sensitive}, lst: {merge: unique}}
lst: ["@@ENC:one@@"]
''', 'common.yaml': "nested: {list: [c], other: 1}\nlst: [two]\nref: \"%{lookup('plain')}\"\nrefenc: \"%{lookup('embedded')}\"\nraw: @@ENC:x@@\n"},
 keys('plain enc enc_nl enc_fold embedded two nested nested.list.0 interp numlike boollike enc_int unicode pct bad badscheme notenc lst ref refenc missing'),
 hiera=EY)
scn('eyaml-wrong-key', 'eyaml', {'secret.eyaml': "enc: @@ENC:x@@\nplain: p\n"}, keys('enc plain'), hiera=EY.replace('keys/private', 'keys2/private').replace('keys/public', 'keys2/public'))
scn('eyaml-missing-key', 'eyaml', {'secret.eyaml': "enc: @@ENC:x@@\nplain: p\n"}, keys('enc plain'), hiera=EY.replace('keys/', 'nokeys/'))
scn('eyaml-no-options', 'eyaml', {'secret.eyaml': "enc: @@ENC:x@@\nplain: p\n"}, keys('plain'), hiera="version: 5\nhierarchy:\n  - {name: e, path: secret.eyaml, lookup_key: eyaml_lookup_key}\n")
scn('eyaml-yaml-data-raw', 'eyaml', {'common.yaml': "enc: ENC[PKCS7,AAAA]\n"}, ['enc'], note='yaml_data leaves ENC[] untouched')
scn('eyaml-nopath', 'eyaml', {'common.yaml': 'k: 1\n'}, ['k'], hiera="version: 5\nhierarchy:\n  - {name: e, lookup_key: eyaml_lookup_key}\n")
scn('eyaml-globs', 'eyaml', {'data/s/a.eyaml': "a: @@ENC:va@@\nl: [\"@@ENC:1@@\"]\n", 'data/s/b.eyaml': "b: @@ENC:vb@@\nl: [x]\n"}, ['a', 'b', ('l', {'merge': 'unique'})], hiera=EY.replace('path: secret.eyaml', "glob: 's/*.eyaml'", 1))
# ------------------------------------------------------------------ layers
ENVH = "version: 5\ndefaults: {datadir: data, data_hash: yaml_data}\nhierarchy:\n  - {name: env, path: common.yaml}\n"
MODH = "version: 5\nhierarchy:\n  - {name: mod, path: common.yaml}\ndefault_hierarchy:\n  - {name: moddef, path: defaults.yaml}\n"
P = 'code/environments/production/'
scn('layers', 'layers', {'common.yaml': "k: global\ng: 1\nl: [g]\nmymod::x: {g: 1}\nlookup_options: {l: {merge: unique}}\nsee_env: \"%{lookup('e')}\"\n", P + 'hiera.yaml': ENVH, P + 'data/common.yaml': "k: env\ne: 2\nl: [e]\nmymod::x: {e: 1}\nmymod::z: env\nsee_global: \"%{lookup('g')}\"\nothermod::a: from_env\n",
  P + 'modules/mymod/hiera.yaml': MODH, P + 'modules/mymod/data/common.yaml': "mymod::x: {m: 1}\nmymod::y: mod\nmymod::z: mod\nmymod::mn: \"%{module_name}\"\nlookup_options: {mymod::x: {merge: hash}}\n",
  P + 'modules/mymod/data/defaults.yaml': "mymod::d: dflt\nmymod::x: {def: 1}\nmymod::y: dflt\n", P + 'modules/mymod/metadata.json': '{"name":"a-mymod","version":"1.0.0","author":"a","license":"x","summary":"s","source":"x","dependencies":[]}'},
 keys('k g e l mymod::x mymod::y mymod::z mymod::d mymod::mn mymod::none nomod::x othermod::a see_env see_global') + [('k', {'merge': 'unique'}), ('mymod::x', {'merge': 'first'}), ('mymod::x', {'merge': 'deep'}), 'mymod::x.m'])
scn('layers-env-only', 'layers', {P + 'hiera.yaml': ENVH, P + 'data/common.yaml': "k: env\nbad: \"%{lookup('bad')}\"\nunk: \"%{foo('x')}\"\ndigs: str\n"}, ['k', 'missing', 'bad', 'unk', 'digs.x'], hiera=None, settings={'hiera_config': 'nonexistent.yaml'}, note='error inside environment layer: puppet lookup exits 1 silently')
scn('layers-env-yaml-error', 'layers', {P + 'hiera.yaml': ENVH, P + 'data/common.yaml': "k: [\n"}, ['k'], hiera=None, settings={'hiera_config': 'nonexistent.yaml'})
scn('layers-mod-bad-key', 'layers', {P + 'modules/mymod/hiera.yaml': "version: 5\n", P + 'modules/mymod/data/common.yaml': "other::x: 1\nmymod::y: 2\n"}, ['mymod::y', 'other::x'], hiera=None, settings={'hiera_config': 'nonexistent.yaml'}, note='module data with keys not prefixed by the module')
scn('layers-env-named', 'layers', {'common.yaml': 'k: global\n', 'code/environments/staging/hiera.yaml': ENVH, 'code/environments/staging/data/common.yaml': "k: stag\ns: \"%{environment}\"\n", P + 'hiera.yaml': ENVH, P + 'data/common.yaml': "s: prod\n"}, [('s', {'environment': 'staging'}), 's', ('s', {'environment': 'nope'}), ('k', {'environment': 'staging', 'merge': 'unique'})])
# ------------------------------------------------------------------ CLI
scn('cli', 'cli', {'common.yaml': "s: str\nl: [1, a]\nh: {a: {b: 1}}\nn: ~\nt: true\ni: 5\nf: 1.0\ne: ''\nml: \"a\\nb\\n\"\nq: 'yes'\nd: '2024-01-01'\nsec: x\nlookup_options: {sec: {convert_to: Sensitive}}\n"},
 [(k, {'render_as': r}) for k in keys('s l h n t i f e ml q d sec') for r in ('default', 's', 'json')] + [
  (['nope', 's'], {}), (['nope', 'nope2'], {}), (['s', 'nope'], {}), ([], {}), ('nope', {}), ('nope', {'explain': True}), ('s', {'explain': True}), ('h.a', {'explain': True, 'merge': 'deep'}), ('nope', {'default': 'd', 'explain': True}), ('s', {'explain_options': True}),
  ('h', {'render_as': 'yaml', 'merge': 'deep'}), ('s', {'type': 'Integer'}), ('i', {'type': 'Integer'}), ('s', {'type': 'Intger'}), ('s', {'render_as': 'bogus'}), ('s', {'extra_args': ['--bogus']}), ('s', {'explain': True, 'render_as': 'json'})])
