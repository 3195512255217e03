"""Fills in what jinja2 makes of each template of features.json: python3 features.py (jinja2 3.1.6 was used).

The environment is the one of huggingface/transformers, src/transformers/utils/chat_template_utils.py. A template that fails
has "fails": true in place of "rendered".
"""

import copy
import datetime
import json
import pathlib

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILE = pathlib.Path(__file__).with_suffix(".json")
NOW = datetime.datetime(2026, 3, 5, 7, 8, 9)


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_render"), [], [], body).set_lineno(line)

    def _render(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


def main():
    features = json.loads(FILE.read_text(encoding="utf-8"))
    env = environment()
    cases = []
    for case in features["cases"]:
        variables = {"tools": None, "documents": None, **copy.deepcopy(features["variables"])}
        try:
            cases.append({"template": case["template"], "rendered": env.from_string(case["template"]).render(**variables)})
        except Exception:
            cases.append({"template": case["template"], "fails": True})
    lines = ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases)
    head = json.dumps(features["variables"], ensure_ascii=True)
    FILE.write_text('{"variables": ' + head + ',\n"cases": [\n' + lines + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
