# The app in a container: what runs is read-only, belongs to root and is run by nobody in particular.
# compose.yaml starts several of them behind one address; docs/deployment.md says how.

# An exact version: a newer patch is taken by writing its number here, never by surprise.
ARG PYTHON=3.13.9-slim-trixie

FROM python:${PYTHON} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
# Every file is compared with its hash in the lock, and nothing is built from source.
RUN /opt/venv/bin/python -m pip install --require-hashes --only-binary=:all: -r /tmp/requirements.lock

FROM python:${PYTHON}
# One BLAS thread: numpy and scipy each bring a pool of spinning threads, and visitors share the cores. Two pools of
# memory: the C library gives each thread one, and what is freed stays in them.
ENV HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OPENBLAS_NUM_THREADS=1 \
    OMP_NUM_THREADS=1 \
    MKL_NUM_THREADS=1 \
    MALLOC_ARENA_MAX=2
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY .streamlit .streamlit
COPY data data
COPY theory theory
COPY ui ui
COPY pages pages
COPY app.py LICENSE ./
RUN /opt/venv/bin/python -m compileall -q . && install -d -o 10001 -g 10001 /counts
USER 10001:10001
EXPOSE 8501
# The answer is read: at an address it does not know, Streamlit serves its page.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/opt/venv/bin/python", "-c", "import urllib.request; assert urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4).read() == b'ok'"]
CMD ["/opt/venv/bin/python", "-m", "streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501"]
