# The worker of the training queue with the trainer's packages beside it, torch with CUDA among them:
# docker build -f infra/images/trainer.Dockerfile -t ucoder/trainer-worker:0.1.0 .
FROM node:20.20.2-bookworm-slim AS node

FROM python:3.12.12-slim-bookworm
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && useradd --create-home node
COPY infra/trainer/requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir --requirement /tmp/requirements.txt && rm /tmp/requirements.txt
WORKDIR /opt/ucoder
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
RUN mkdir -p /var/lib/ucoder/served /var/lib/ucoder/jobs && chown -R node:node /var/lib/ucoder
ENV UCODER_STATE=/var/lib/ucoder \
    UCODER_PYTHON=/usr/local/bin/python3 \
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
USER node
ENTRYPOINT ["node", "--import", "tsx", "cli/main.ts", "worker", "--queues"]
CMD ["training"]
