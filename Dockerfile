# The service as an image: `docker compose up` builds and starts it (see docker-compose.yml).
# One image for the API, the worker and the one-shot migration; they differ by their command.
FROM python:3.12.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/ketnoi
COPY constraints.txt ./
# torch first, alone and pinned: a range would bring the build for graphics cards.
RUN /opt/ketnoi/bin/pip install torch==2.13.0
COPY pyproject.toml README.md LICENSE ./
COPY data ./data
COPY embeddings ./embeddings
COPY matcher ./matcher
COPY training ./training
COPY api ./api
RUN /opt/ketnoi/bin/pip install -c constraints.txt .

FROM python:3.12.11-slim-bookworm
# libgomp1: what the ranking and index libraries need of the system; tesseract: scans are read with it
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libgomp1 tesseract-ocr tesseract-ocr-vie \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 ketnoi \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin ketnoi \
    && install --directory --owner=10001 --group=10001 --mode=0750 /var/lib/ketnoi
COPY --from=build /opt/ketnoi /opt/ketnoi
ENV PATH=/opt/ketnoi/bin:$PATH \
    KETNOI_HOME=/var/lib/ketnoi \
    OMP_NUM_THREADS=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
VOLUME /var/lib/ketnoi
EXPOSE 8000
CMD ["ketnoi", "serve", "--host", "0.0.0.0", "--port", "8000", "--no-worker"]
