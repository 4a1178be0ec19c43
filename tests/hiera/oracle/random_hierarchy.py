"""Random hierarchies: every feature at once, of a seed."""
import json
import random

FACTS = {
    'os': {'family': 'Debian', 'name': 'Ubuntu', 'release': {'major': '22', 'full': '22.04'}}, 'hostname': 'web01', 'domain': 'example.com',
    'fqdn': 'web01.example.com', 'clientcert': 'web01.example.com', 'role': 'web', 'empty': '', 'zero': 0, 'ratio': 1.5, 'is_virtual': True,
    'list': ['alpha', 'beta', 'gamma'], 'maps': {'k1': 'v1', 'k2': 'v2'}, 'nul': None, 'dotted.fact': 'dv', 'networking': {'ip': '10.0.0.5', 'ports': [80, 443]},
}
KEYS = ['alpha', 'beta', 'app::port', 'app::name', 'app::rules', 'app::list', 'db::hash', 'db::list', 'x', 'y', 'z']
MEMBERS = ['a', 'b', 'c', 'd e', 'f.g', '--a', '5']
WORDS = ['a', 'b', 'c', '--a', '--b', '', 'two words', 'é', '100%', '%%', '% {x}', "it's", 'a\\nb', '5', 'true', '~']


class Writer:
    """Writes random YAML in random notations."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self):
        choose = self.random.choice
        if self.random.random() < .6:
            return choose(WORDS)
        key = choose(KEYS) + choose(['', '', '', '.a', '.b.c', '.0', '.1.a', ".'f.g'", ".'d e'", '.5'])
        quoted = f"'{key}'" if "'" not in key else f'"{key}"'
        if self.random.random() < .2:
            return f'%{{alias({quoted})}}'
        if self.random.random() < .03:
            return choose(["%{unknown('x')}", f'a%{{alias({quoted})}}', "%{lookup('')}", "%{lookup('x.')}"])
        return choose(['', '', 'p-', ' ']) + choose([
            '%{facts.os.family}', '%{os.name}', '%{facts.list.1}', '%{role}', '%{::hostname}', '%{facts.nothing}', '%{nothing}', '%{facts.zero}', '%{facts.is_virtual}',
            '%{facts.ratio}', '%{facts.maps}', '%{facts.list}', '%{facts.nul}', '%{trusted.certname}', '%{trusted.hostname}', "%{facts.'dotted.fact'}", '%{environment}',
            '%{server_facts.environment}', '%{networking.ports.0}', '%{ facts.role }', '%{}', '%{::}', "%{''}", "%{literal('%')}{x}", "%{literal('a b')}", "%{scope('role')}",
            f'%{{lookup({quoted})}}', f'%{{lookup({quoted})}}', f'%{{hiera({quoted})}}', '%{role', 'a}b', "%{lookup('missing')}",
        ]) + choose(['', '', '', '-s', '%{role}'])

    def scalar(self):
        return self.random.choice([self.text, self.text, self.text, lambda: self.random.choice([1, 2, 0, -5, 1.5, True, False, None, 1e20, 10 ** 25])])()

    def value(self, depth):
        chance = self.random.random()
        if depth == 0 or chance < .4:
            return self.scalar()
        if chance < .68:
            return [self.value(depth - 1) for _ in range(self.random.randint(0, 4))]
        return {self.member(): self.value(depth - 1) for _ in range(self.random.randint(0, 4))}

    def member(self):
        return self.text() if self.random.random() < .06 else self.random.choice(MEMBERS)

    def of_kind(self, kind):
        for _ in range(300):
            value = self.value(3)
            if kind == 'any' or (kind == 'hash' and isinstance(value, dict) and value) or (kind == 'list' and isinstance(value, list) and value):
                return value
        return {}

    def options(self):
        choose, chance = self.random.choice, self.random.random
        found = {}
        for name in self.random.sample(KEYS, 3) + [choose(['^app::.*', '^db', '^.*list$', '^[xy]$', '^(alpha|beta)$', '^app::(rules|list)$', '^APP'])]:
            merge = choose(['first', 'unique', 'hash', 'deep', {'strategy': 'deep'}, {'strategy': 'deep', 'knockout_prefix': '--'},
                            {'strategy': 'deep', 'merge_hash_arrays': True}, {'strategy': 'deep', 'sort_merged_arrays': True, 'knockout_prefix': '--'},
                            {'strategy': 'hash'}, {'strategy': 'unique'}, {'strategy': 'first'}])
            option = {} if chance() < .1 else {'merge': merge}
            if chance() < .12:
                option['convert_to'] = choose(['String', 'Array', 'Integer', ['Integer', 10], 'Sensitive', 'Boolean', 'Float', ['Array', True]])
            found[name] = option
        return found

    def dump(self, entries):
        """One key a line, flow or quoted, now and then by an anchor."""
        lines, anchors = ['---'] if self.random.random() < .5 else [], []
        for key, value in entries.items():
            style, text = self.random.random(), json.dumps(value, ensure_ascii=self.random.random() < .3)
            if anchors and style < .08:
                text = '*' + self.random.choice(anchors)
            elif isinstance(value, dict) and anchors and style < .15:
                text = '{<<: *' + self.random.choice(anchors) + (', ' + text[1:] if value else '}')
            elif style < .3:
                anchors.append(f'n{len(anchors)}')
                text = f'&{anchors[-1]} {text}'
            elif style < .6 and isinstance(value, (dict, list)) and value:
                text = self.block(value, 2)
            lines.append(f'{key}: {text}' if style < .95 else f'"{key}": {text}')
        return '\n'.join(lines) + '\n'

    def block(self, value, indent):
        lines, blank = [''], ' ' * indent
        if isinstance(value, list):
            lines += [f'{blank}- {json.dumps(item)}' for item in value]
        else:
            lines += [f'{blank}{json.dumps(key)}: {self.block(item, indent + 2) if isinstance(item, (dict, list)) and item else json.dumps(item)}'
                      for key, item in value.items()]
        return '\n'.join(lines)


def hierarchy(random_of):
    """Levels, and the files that belong to them."""
    levels = [
        ("path: 'nodes/%{trusted.certname}.yaml'", ['nodes/web01.example.com.yaml']), ("path: 'os/%{facts.os.family}.yaml'", ['os/Debian.yaml']),
        ("paths: ['role/%{role}.yaml', 'missing/%{facts.nothing}.yaml', 'role/all.yaml']", ['role/web.yaml', 'role/all.yaml']),
        ("glob: 'd/*.yaml'", ['d/20.yaml', 'd/10.yaml', 'd/sub/30.yaml']), ("globs: ['e/**/*.yaml', 'f/{two,one}.yaml']", ['e/b/x.yaml', 'e/a.yaml', 'f/one.yaml', 'f/two.yaml']),
        ("mapped_paths: [facts.list, item, 'list/%{item}.yaml']", ['list/alpha.yaml', 'list/gamma.yaml']), ("mapped_paths: [role, item, 'mapped/%{item}.yaml']", ['mapped/web.yaml']),
        ("path: 'values.json'\n    data_hash: json_data", ['values.json']), ("path: 'other.yaml'\n    datadir: 'second/%{facts.os.family}'", ['../second/Debian/other.yaml']),
    ]
    chosen = random_of.sample(levels, random_of.randint(1, 4))
    random_of.shuffle(chosen)
    chosen.append(("path: 'common.yaml'", ['common.yaml']))
    text = 'version: 5\ndefaults:\n  datadir: data\n  data_hash: yaml_data\nhierarchy:\n'
    for number, (location, _) in enumerate(chosen):
        text += f"  - name: 'level {number}'\n    {location}\n"
    return text, [file for _, files in chosen for file in files]


def lookups(writer, count):
    choose, chance, cases = writer.random.choice, writer.random.random, []
    for _ in range(count):
        key = choose(KEYS + ['missing', 'lookup_options'] if chance() < .1 else KEYS)
        if chance() < .3:
            key += choose(['.a', '.b', '.a.b', '.0', '.1', '.0.a', ".'f.g'", ".'d e'", '.5', ".'5'", '.a.0', '.a.a.a'])
        case = {'key': key}
        if chance() < .45:
            case['merge'] = choose(['deep', 'deep', 'deep', 'hash', 'unique', 'first'])
            if case['merge'] == 'deep':
                if chance() < .6:
                    case['knockout_prefix'] = '--'
                if chance() < .25:
                    case['sort_merged_arrays'] = True
                if chance() < .35:
                    case['merge_hash_arrays'] = True
        if chance() < .1:
            case['default'] = choose(['d', '', '5'])
        if chance() < .06:
            case['type'] = choose(['String', 'Integer', 'Hash', 'Array[String]', 'Variant[String, Integer]', 'Optional[Array]'])
        cases.append(case)
    return cases


def scenarios(seed, count):
    found = []
    for number in range(count):
        writer = Writer(seed * 100_003 + number)
        config, files = hierarchy(writer.random)
        kinds = {key: writer.random.choice(['hash', 'hash', 'list', 'list', 'any', 'any']) for key in KEYS}
        texts = {'hiera.yaml': config}
        for file in files:
            entries = {key: writer.of_kind(kinds[key] if writer.random.random() < .95 else 'any') for key in KEYS if writer.random.random() < .55}
            if writer.random.random() < (.8 if file == 'common.yaml' else .15):
                entries['lookup_options'] = writer.options()
            path = file[3:] if file.startswith('../') else 'data/' + file
            texts[path] = json.dumps(entries, ensure_ascii=False) if file.endswith('.json') else writer.dump(entries)
        found.append({'id': f'random-{seed}-{number:04d}', 'category': 'random', 'files': texts, 'cases': lookups(writer, 20), 'facts': FACTS,
                      'note': f'random hierarchy of seed {seed}', 'settings': {}})
    return found
