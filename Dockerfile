# The image of a release: the API by default, and with another command the worker or an operator's command.
# docker build -t greenroom .
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /source
COPY . .
RUN npx -y pnpm@12 install --frozen-lockfile
RUN npx -y pnpm@12 release /release
# Its name contains the version and the platform.
RUN mv /release/greenroom-*/ /greenroom

FROM ${NODE_IMAGE}
# LiveKit's native library of the worker verifies servers by the certificates of the system.
RUN apt-get update -q \
 && apt-get install -qy --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /greenroom /opt/greenroom
RUN ln -s /opt/greenroom/greenroom /usr/local/bin/greenroom
WORKDIR /opt/greenroom
ENV NODE_ENV=production HOST=0.0.0.0
EXPOSE 4000
# Nothing in the image belongs to this user, and nothing is written to it.
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s CMD ["node", "health.js"]
# Without a shell, so that Node receives SIGTERM and finishes the requests in progress.
CMD ["node", "server.js"]
