"""How a scenario is written down: files, lookups, facts."""
SCN = []
HY = """version: 5
defaults: {datadir: data, data_hash: yaml_data}
hierarchy:
  - name: common
    path: common.yaml
"""
def H(*paths, extra=''):
    s = "version: 5\ndefaults:\n  datadir: data\n  data_hash: yaml_data\nhierarchy:\n"
    for i, p in enumerate(paths):
        s += f'  - name: "level {i}"\n    path: "{p}"\n'
    return s + extra
def scn(id, cat, files, cases, facts=None, note=None, hiera=HY, settings=None):
    """files: {relpath: text}; bare names without '/' other than hiera.yaml go below data/.
    cases: list of 'key' | ('key', {opts})"""
    fs = {}
    if hiera is not None:
        fs['hiera.yaml'] = hiera
    for k, v in files.items():
        fs[k if ('/' in k or k == 'hiera.yaml') else 'data/' + k] = v
    cs = []
    for c in cases:
        if isinstance(c, str):
            c = (c, {})
        k, o = c
        o = dict(o)
        cs.append(dict(key=k, **o))
    SCN.append(dict(id=id, category=cat, files=fs, cases=cs, facts=facts, note=note, settings=settings or {}))
def keys(s):
    return s.split()
