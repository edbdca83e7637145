#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check.py: opens pages of kmeta-report in headless Chromium (make check-html): nothing on the console, names
that are markup do nothing, the filter and the order of the table work, and without script it is a plain table.

KMETA_BIN, TESTDATA: as for the other tests. CHROMIUM: the browser, else the first chromium of PATH. SHOTS: a
directory for pictures of the pages, to be looked at.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get('KMETA_BIN', PROJECT / 'build' / 'release'))
DATA = Path(os.environ.get('TESTDATA', PROJECT / 'testdata'))
LOGS = [DATA / 'real' / name for name in ('kraft-4.3-full/node-1', 'kraft-3.0/node-1', 'kraft-4.4/node-1')]
HOSTILE = ['<script>document.title="taken"</script>', '"><img src=x onerror=document.title="taken">',
           "'><svg onload=document.title='taken'>", '</td></table></script>', '\\u202eevil', '&lt;b&gt;']


def page_of(address, path):
    with open(path, 'wb') as out:
        subprocess.run([BIN / 'kmeta-report', '-q', '-o', 'html', '--verbose', address], stdout=out, check=True)


def check(page, name, failures):
    """Filters and sorts. A failure is a line."""
    rows = page.locator('#events tbody tr')
    total = rows.count()
    visible = page.locator('#events tbody tr:not([hidden])')

    def expect(what, true):
        if not true:
            failures.append(f'{name}: {what}')

    expect('rows', total > 0)
    expect('all rows are shown at first', visible.count() == total)
    page.fill('#q', 'topic-made')
    texts = visible.all_inner_texts()
    expect('the filter leaves rows that hold the word',
           0 < len(texts) < total + 1 and all('topic-made' in text for text in texts))
    page.fill('#q', '')
    page.select_option('#s', '2')
    errors = page.locator('#events tbody td.error').count()
    expect('errors alone', visible.count() == errors)
    page.select_option('#s', '0')
    for descending in (False, True):
        page.get_by_role('button', name='Offset').click()
        offsets = [int(text) for text in page.locator('#events tbody td:nth-child(2)').all_inner_texts()]
        expect('the order of offsets', offsets == sorted(offsets, reverse=descending))
    page.get_by_role('button', name='Time').focus()
    page.keyboard.press('Enter')
    expect('the keyboard sorts', page.locator('th[aria-sort]').inner_text() == 'Time')


def main():
    failures, shots = [], os.environ.get('SHOTS')
    browser_path = os.environ.get('CHROMIUM') or shutil.which('chromium')
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        hostile = Path(directory) / '00000000000000000000.log'
        subprocess.run([sys.executable, PROJECT / 'tests' / 'cmd' / 'hostile_log.py', hostile, *HOSTILE], check=True)
        browser = playwright.chromium.launch(executable_path=browser_path, args=['--no-sandbox'])
        for number, address in enumerate([*LOGS, hostile]):
            path = Path(directory) / f'{number}.html'
            page_of(address, path)
            for scheme, script in (('light', True), ('dark', True), ('light', False)):
                name = f'{address.parent.name}-{scheme}{"" if script else "-plain"}'
                context = browser.new_context(color_scheme=scheme, java_script_enabled=script)
                page = context.new_page()
                said = []
                page.on('console', lambda message, said=said: said.append(message.text))
                page.on('pageerror', lambda error, said=said: said.append(str(error)))
                page.on('request', lambda request, said=said: request.url.startswith('file:') or said.append(request.url))
                page.goto(path.as_uri())
                if shots:
                    page.screenshot(path=Path(shots) / f'{number}-{name}.png', full_page=True)
                if script:
                    check(page, name, failures)
                elif page.locator('.tools').is_visible():
                    failures.append(f'{name}: without script there is a filter')
                if not page.title().startswith('What happened'):
                    failures.append(f'{name}: a name took the page: {page.title()}')
                failures.extend(f'{name}: {text}' for text in said)
                context.close()
        browser.close()
    for failure in failures:
        print(failure)
    print(f'{len(LOGS) + 1} pages, {len(failures)} failures')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
