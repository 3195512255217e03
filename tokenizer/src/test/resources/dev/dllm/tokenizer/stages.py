"""Fills in what the library huggingface/tokenizers makes of each case of stages.json: python3 stages.py (0.23.2 was used).

"models" has two small vocabularies; a configuration names one and adds the stages around it. The ids of "encode" and the
texts of "decode" are filled in, the latter with and without special tokens.
"""

import json
import pathlib

from tokenizers import Tokenizer

FILE = pathlib.Path(__file__).with_suffix(".json")


def main():
    stages = json.loads(FILE.read_text(encoding="utf-8"))
    lines = []
    for case in stages["cases"]:
        parts = {key: value for key, value in case["tokenizer"].items() if key != "model"}
        model = {**stages["models"][case["tokenizer"]["model"]["base"]], **case["tokenizer"]["model"]["options"]}
        tokenizer = Tokenizer.from_str(json.dumps({"version": "1.0", **parts, "model": model}))
        for entry in case["encode"]:
            entry["ids"] = tokenizer.encode(entry["text"]).ids
        for entry in case["decode"]:
            entry["text"] = tokenizer.decode(entry["ids"], skip_special_tokens=False)
            entry["without_special"] = tokenizer.decode(entry["ids"], skip_special_tokens=True)
        lines.append(json.dumps(case))
    models = json.dumps(stages["models"])
    FILE.write_text('{"models": ' + models + ',\n"cases": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
