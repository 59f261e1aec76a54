#!/usr/bin/env bash
# Run three ordinary scripts under whence, then ask where things came from.
# Use: bash examples/demo.sh BIN FOLDER   (BIN holds whence; FOLDER is made afresh)
set -euo pipefail
bin=$1 folder=$2 examples=$(cd "$(dirname "$0")" && pwd)

rm -rf "$folder"
mkdir -p "$folder"
cp "$examples"/{prepare,train,evaluate}.py "$folder"
cd "$folder"
export PATH="$bin:$PATH" WHENCE_HOME="$PWD/.whence"

heading() { printf '\n== %s\n' "$1"; }
step() { printf '\n$ %s\n' "$*"; "$@"; }

heading "Three scripts, not one line changed"
step whence run prepare.py
step whence run train.py --epochs 3
step whence run train.py --model forest --epochs 5 --out models/forest.joblib
step whence run evaluate.py

heading "What ran"
step whence log

heading "Where did the model come from?"
step whence trace models/model.joblib

heading "Which data fed the model, and as what?"
step whence flow models/model.joblib

heading "Through which columns?"
step whence trace models/model.joblib --columns | sed -n '/^\$/p; /^columns of/,$p'

heading "What came of the raw data?"
step whence impact data/raw.csv

heading "And of one of its columns?"
step whence impact "data/raw.csv:mean area"

heading "What differs between the two trainings?"
runs=$(whence log --json | python -c '
import json, sys
trained = [n for n in json.load(sys.stdin)["nodes"] if n["kind"] == "run" and "train" in n["name"]]
print(*(n["id"] for n in reversed(trained)))')
step whence diff $runs

heading "Who, what, why, where, when and how?"
step whence show models/model.joblib --5w1h

heading "The same in public standards, and does it keep their rules?"
step whence export models/model.joblib --with-upstream --format turtle -o model.ttl
step whence export models/model.joblib --with-upstream --format ro-crate -o model.crate.zip
step whence check models/model.joblib --without commit-dirty --without commit-missing
step whence sparql 'SELECT DISTINCT ?name ?value WHERE {
  ?run prov:used ?param . ?param a provml:LearningHyperparameterValue ;
    rdfs:label ?name ; prov:value ?value FILTER(CONTAINS(?name, "alpha"))
} ORDER BY ?name'

printf '\nEverything of this demo lies in %s\n' "$PWD"
