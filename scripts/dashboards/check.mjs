// Type-checks rendered dashboards against the types that Grafana publishes for its own JSON:
//   check.mjs MODULES WORK DASHBOARD…
// MODULES is the node_modules of package.json, WORK an empty folder. What Grafana's types do
// not have is an error: in the document, in a panel's options, in its queries.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [modules, work, ...dashboards] = process.argv.slice(2).map((path) => resolve(path));
if (!dashboards.length) throw new Error('usage: check.mjs MODULES WORK DASHBOARD…');
const versions = readdirSync(modules).filter((name) => name.startsWith('grafana-')).sort();
if (!versions.length) throw new Error(`${modules} holds no types of Grafana`);

// Panels that dashboards may use, and the queries, of which only the first version publishes
// the type.
const panels = ['barchart', 'bargauge', 'piechart', 'stat', 'table', 'timeseries'];
const queries = 'composable/prometheus/dataquery';

// JSON has no enums: where a type has one, its values.
const head = `
export type Json<T> = unknown extends T ? T
  : T extends string ? \`\${T}\`
  : T extends object ? { [K in keyof T]: Json<T[K]> }
  : T;
`;

// The module of a panel's or a query's types in one version, if it has one.
function types(version, part) {
  for (const folder of ['dist/esm', 'dist/types']) {
    try {
      const path = join(modules, version, folder, 'raw', part, 'x');
      const file = readdirSync(path).find((name) => name.endsWith('types.gen.d.ts'));
      if (file) return join(path, file.slice(0, -'.d.ts'.length));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
}

function imports(version) {
  const lines = panels.map((panel) => {
    const file = types(version, `composable/${panel}/panelcfg`);
    if (!file) throw new Error(`${version} has no types of the panel ${panel}`);
    return `import type * as ${panel} from ${JSON.stringify(file)};`;
  });
  const from = (part) => JSON.stringify(types(version, part));
  lines.push(`import type { Dashboard, Panel, RowPanel } from ${from('dashboard')};`);
  if (types(version, queries)) {
    lines.push(`import type { PrometheusDataQuery } from ${from(queries)};`);
  }
  return lines.join('\n') + head;
}

// These have nothing to configure there.
const withoutCustom = ['stat', 'bargauge'];

// One statement for each part of a dashboard that has types of its own.
function statements(version, dashboard) {
  const found = [[dashboard, 'Json<Dashboard>']];
  for (const panel of dashboard.panels) {
    if (panel.type === 'row') {
      found.push([panel, 'Json<RowPanel>']);
      continue;
    }
    if (!panels.includes(panel.type)) throw new Error(`no types for the panel ${panel.type}`);
    found.push([panel, 'Json<Panel>'], [panel.options, `Json<Partial<${panel.type}.Options>>`]);
    const custom = panel.fieldConfig.defaults.custom ?? {};
    const fields = `Json<Partial<${panel.type}.FieldConfig>>`;
    found.push([custom, withoutCustom.includes(panel.type) ? 'Record<string, never>' : fields]);
    if (types(version, queries)) {
      for (const target of panel.targets) {
        found.push([target, 'Json<PrometheusDataQuery>']);
      }
    }
  }
  return found;
}

// What must be refused, so that a check that lets everything pass is seen: a change of a
// dashboard, and which of its statements it breaks.
const first = (dashboard, type) => dashboard.panels.find((panel) => panel.type === type);
const mistakes = [
  (d) => { d.refesh = '1m'; },
  (d) => { d.graphTooltip = 7; },
  (d) => { d.time.from = 7; },
  (d) => { d.annotations.list[1].target.tag = 'otelctl'; },
  (d) => { d.templating.list[1].hide = 9; },
  (d) => { d.templating.list[1].type = 'queries'; },
  (d) => { d.links[0].type = 'url'; },
  (d) => { first(d, 'stat').gridPos.h = '4'; },
  (d) => { first(d, 'stat').fieldConfig.defaults.color.mode = 'plaid'; },
  (d) => { first(d, 'stat').options.colourMode = 'value'; },
  (d) => { first(d, 'stat').options.graphMode = 'lines'; },
  (d) => { first(d, 'stat').options.reduceOptions.calcs = 'last'; },
  (d) => { first(d, 'timeseries').fieldConfig.defaults.custom.drawStyle = 'dots'; },
  (d) => { first(d, 'timeseries').options.legend.position = 'bottom'; },
  (d) => { first(d, 'table').options.sortBy[0].field = 'Cost'; },
  (d) => { first(d, 'row').title = 7; },
];
const mistakenQueries = [
  (d) => { first(d, 'stat').targets[0].expression = 'up'; },
  (d) => { first(d, 'stat').targets[0].format = 'json'; },
];

function check(version) {
  const folder = join(work, version);
  mkdirSync(folder);
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  const right = dashboards.map((file) => [
    `// ${file}`,
    ...statements(version, read(file)).map(([json, type]) =>
      `(${JSON.stringify(json, null, 2)}) satisfies ${type};`),
  ].join('\n'));
  const changes = [...mistakes, ...(types(version, queries) ? mistakenQueries : [])];
  const wrong = changes.map((change) => {
    const before = statements(version, read(dashboards[0]));
    const broken = read(dashboards[0]);
    change(broken);
    const after = statements(version, broken);
    // The most particular statement that differs.
    const differs = (at) => JSON.stringify(before[at][0]) !== JSON.stringify(after[at][0]);
    const at = after.findLastIndex((_, index) => differs(index));
    const [json, type] = after[at];
    return `// @ts-expect-error ${change}\n(${JSON.stringify(json)}) satisfies ${type};`;
  });
  writeFileSync(join(folder, 'check.ts'), [imports(version), ...right, ...wrong].join('\n'));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: {
      strict: true, noEmit: true, skipLibCheck: true, types: [], target: 'es2022',
      module: 'esnext', moduleResolution: 'bundler', baseUrl: modules,
      paths: { '@grafana/schema': [version] },
    },
    files: ['check.ts'],
  }));
  const tsc = join(modules, 'typescript/bin/tsc');
  const ended = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
  const said = `${ended.stdout}${ended.stderr}`.trim();
  if (ended.status !== 0) throw new Error(`${version} does not take the dashboards:\n${said}`);
  const { version: release } = read(join(modules, version, 'package.json'));
  console.log(`Grafana ${release} takes ${dashboards.length} dashboards, and none of ${changes.length} broken ones`);
}

try {
  versions.forEach(check);
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
