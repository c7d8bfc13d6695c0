"""Serves a GGUF file with llama.cpp's own server, from the xllamacpp wheel, until it is ended."""

from __future__ import annotations

import argparse
import threading

import xllamacpp


def main() -> None:
    """Serve as the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--alias", required=True, help="what the server calls the model")
    parser.add_argument("--key", help="the key it wants")
    parser.add_argument("--endless", action="store_true", help="never end an answer by itself")
    arguments = parser.parse_args()

    params = xllamacpp.CommonParams()
    params.model.path = arguments.model
    params.model_alias = {arguments.alias}
    params.port = arguments.port
    params.n_ctx = 4096
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = 64
    params.cpuparams.n_threads = 1
    params.use_jinja = True
    params.ui = False
    params.endpoint_slots = True
    params.endpoint_metrics = True
    # The likeliest token always, whatever temperature a request asks for: the replies are known.
    params.sampling.top_k = 1
    if arguments.key:
        params.api_keys = [arguments.key]
    if arguments.endless:
        params.sampling.ignore_eos = True
        params.ctx_shift = True
    _server = xllamacpp.Server(params)
    threading.Event().wait()


if __name__ == "__main__":
    main()
