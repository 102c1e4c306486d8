#!/bin/sh
# Brings up a control plane with two member clusters on this machine, as Karmada's script of this name does, and
# returns when all are Ready. Run again, it finds them running and says the same. Arguments go to `flotilla up`.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd -P)

folder=${HOME}/.kube
previous=
for argument in "$@"; do
  case $previous in --kubeconfig-dir) folder=$argument ;; esac
  case $argument in --kubeconfig-dir=*) folder=${argument#--kubeconfig-dir=} ;; esac
  previous=$argument
done

"$root/bin/flotilla" up --detach "$@"

cat <<TEXT

The control plane and its member clusters are running on this machine.

For the control plane:
  export KUBECONFIG="$folder/karmada.config"
  kubectl config use-context karmada-apiserver    # the control plane's API
  kubectl config use-context karmada-host         # its components, in namespace karmada-system

For the member clusters:
  export KUBECONFIG="$folder/members.config"
  kubectl config use-context member1              # or member2
TEXT
