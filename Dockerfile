# One image for both services: `docker run weft coordinator`, `docker run weft trainer`.

# The manifests alone, so that the layer of dependencies is rebuilt only when one of them changes.
FROM node:24-slim AS manifests
WORKDIR /checkout
COPY . .
RUN mkdir /manifests \
  && find . -name package.json -not -path '*/node_modules/*' -exec cp --parents {} /manifests ';' \
  && cp package-lock.json .npmrc /manifests

# Optional dependencies are Node itself, which the base image already has.
FROM node:24-slim AS dependencies
WORKDIR /weft
COPY --from=manifests /manifests ./
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

FROM node:24-slim
WORKDIR /weft
COPY --from=dependencies /weft ./
COPY libs libs
COPY services services
ENV NODE_ENV=production
RUN install --directory --owner=node --group=node /var/lib/weft
USER node
EXPOSE 7070 7071 7072 7073
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "/weft/services/cli/src/main.ts"]
CMD ["--help"]
