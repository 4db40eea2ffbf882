# syntax=docker/dockerfile:1
# One image for all services: the command says which one runs. Not built here yet: `npm run test:node -- 24` runs the code on its Node.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional ones too: the bundler is a binary.
RUN npm ci --ignore-scripts
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY apps apps
COPY libs libs
COPY scripts/build.mjs scripts/
RUN npm run build

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The embedded database is for machines without a PostgreSQL; here there is one.
RUN npm ci --ignore-scripts --omit=dev --omit=optional

FROM node:24-bookworm-slim AS service
ENV NODE_ENV=production
WORKDIR /app
# The build is made of ES modules, which package.json says.
COPY package.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY scripts/init-database.mjs scripts/
USER node
CMD ["node", "dist/programs/gateway.js"]
