"""Uses the local stack's console as a person does, in headless Chromium, and keeps pictures of it.

Usage: console_page.py READY_JSON FOLDER_FOR_PICTURES

The stack must run on fast time, so that a retry comes within seconds.
"""

import http.client
import json
import sys
import traceback
import urllib.parse

from selenium import webdriver
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

WITHIN_SECONDS = 30
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'

# Text whose contrast with its ground is below 4.5 (WCAG 2.2, 1.4.3), found as a reader meets it.
LOW_CONTRAST = """
const channel = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const colour = (text) => text.match(/[\\d.]+/g).map(Number);
const ground = (one) => { for (; one; one = one.parentElement) { const found = colour(getComputedStyle(one).backgroundColor);
  if (found.length < 4 || found[3] > 0) return found; } return [255, 255, 255]; };
const own = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
return [...document.body.querySelectorAll('*')].filter((one) => own(one) && one.checkVisibility()).map((one) => {
  const [a, b] = [light(colour(getComputedStyle(one).color)), light(ground(one))];
  return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), one.outerHTML.slice(0, 120)];
}).filter(([ratio, html]) => ratio < 4.5 && !html.includes('disabled'));
"""


class Console:
    """The page in a browser."""

    def __init__(self, ready, pictures):
        self.url = ready["gateway_url"] + "/_local/"
        self.pictures = pictures
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                         "--window-size=1440,1000"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))
        self.requests, self.complaints = [], []

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.driver.execute_script(
            "return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def until(self, what, look):
        message = f"waited {WITHIN_SECONDS} s in vain: {what}"
        return WebDriverWait(self.driver, WITHIN_SECONDS, 0.1).until(lambda _: look(), message)

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def ask(self, question, route="as classified"):
        field = self.find("#question")
        field.clear()
        field.send_keys(question)
        Select(self.find("#route")).select_by_visible_text(route)
        field.send_keys(Keys.CONTROL, Keys.ENTER)
        self.until("the question is shown", lambda: self.text("#detail-title") == question)

    def ended(self, status):
        self.until(f"it ends {status}", lambda: self.text(".facts .status") == status)

    def picture(self, name):
        self.driver.save_screenshot(f"{self.pictures}/{name}.png")

    def listen(self):
        """Takes in what the browser asked for and complained about since the last time."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
        self.complaints += [entry["message"] for entry in self.driver.get_log("browser")]


def the_focus_goes_from_the_top_to_the_conversations(console):
    names = []
    for _ in range(5):
        console.press(Keys.TAB)
        names.append(console.driver.switch_to.active_element.accessible_name)
    expected = ["Skip to the conversations", "Question", "Source", "Route", "Ask"]
    assert names == expected, names


def a_question_is_answered_delivered_and_told(console):
    console.ask("What is the deal status for IXIS?")
    console.ended("delivered")
    story = console.text(".timeline")
    for part in ("accepted from console", "answered by ManagerAgent", "classified as deal_analysis", "delivered: 200"):
        assert part in story, story
    console.until("its exports are there", lambda: len(
        [one for one in console.all("summary") if one.text.startswith("Export ")]) == 4)
    console.find("details[data-name=Envelope] summary").click()
    assert "conversation.answered" in console.text("details[data-name=Envelope] pre")
    # The list is asked for on its own, so it may be behind the story beside it.
    console.until("the list says so too", lambda: all(
        part in console.text("#conversations li") for part in ("IXIS", "delivered")))


def a_fault_that_is_switched_on_makes_retries_visible(console):
    Select(console.find("#fault-deal_analysis")).select_by_visible_text("503, twice")
    console.find("#switch-deal_analysis").click()
    console.until("the fault is shown", lambda: "status 503" in console.text("#now-deal_analysis"))
    assert console.find("#switch-deal_analysis").accessible_name == "Switch off the fault of deal_analysis"
    console.ask("Which deals are at risk?", "deal_analysis")
    console.until("a retry is shown", lambda: console.text(".facts .status") == "retrying")
    assert "receiver 5xx" in console.text(".facts .party")
    assert "503" in console.text(".timeline")
    console.picture("console-retrying")
    console.ended("delivered")
    console.until("the fault is spent", lambda: console.text("#now-deal_analysis") == "answers 200")


def a_refusal_says_what_can_be_done_and_the_dead_letter_is_counted(console):
    Select(console.find("#fault-lead_analysis")).select_by_visible_text("400: refuses for good")
    console.find("#switch-lead_analysis").click()
    console.ask("Which leads came in this week?", "lead_analysis")
    console.ended("failed")
    assert "gatewayctl dlq replay" in console.text(".facts .do")
    console.until("the dead letter is counted", lambda: console.text("#queues .alert td:nth-child(2)") == "1")
    console.find("#switch-lead_analysis").click()
    console.until("the fault is off", lambda: console.text("#now-lead_analysis") == "answers 200")


def a_question_that_is_markup_stays_text(console):
    console.ask(HOSTILE)
    console.ended("delivered")
    console.until("the list shows it as it is", lambda: console.text("#conversations .question") == HOSTILE)
    assert not console.all("img") and "Gateway" in console.driver.title


def the_list_is_used_by_keyboard_alone(console):
    # By what has the focus, never by an element at hand: the page makes an entry anew when its conversation goes on.
    run = console.driver.execute_script
    run("document.querySelector('#conversations button').focus()")
    console.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    question = run("return document.activeElement.innerText").splitlines()[0]
    console.press(Keys.ENTER)
    console.until("it is chosen", lambda: console.text("#detail-title") == question)
    console.until("the focus went to it", lambda: run("return document.activeElement.id") == "detail")
    assert len(console.all("#conversations [aria-current=true]")) == 1


def every_control_has_a_name_and_the_page_has_its_landmarks(console):
    controls = console.all("a, button, input, select, textarea, summary, [tabindex='0']")
    controls = [one for one in controls if one.is_displayed()]
    nameless = [one.get_attribute("outerHTML")[:120] for one in controls if not one.accessible_name]
    assert len(controls) > 20 and not nameless, nameless
    for selector in ("main", "header", "h1", "html[lang]", "[aria-live=polite]"):
        assert len(console.all(selector)) == 1, selector
    ids = [one.get_attribute("id") for one in console.all("[id]")]
    assert len(ids) == len(set(ids)), "an id is there twice"


def text_can_be_read_by_day_and_by_night(console):
    for scheme, name in (("light", "console"), ("dark", "console-dark")):
        console.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        pale = console.driver.execute_script(LOW_CONTRAST)
        assert not pale, (scheme, pale)
        console.picture(name)


def the_page_fits_a_narrow_window(console):
    console.driver.set_window_size(500, 900)
    wide = console.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    console.driver.set_window_size(1440, 1000)
    assert wide <= 0, f"{wide} pixels too wide"


def a_name_that_points_at_this_machine_is_not_enough(console):
    address = urllib.parse.urlsplit(console.url)
    for path in ("/_local/", "/_local/conversations", "/_local/inbox"):
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
        connection.request("GET", path, headers={"Host": "evil.example"})
        assert connection.getresponse().status == 403, path


def nothing_came_from_elsewhere_and_nothing_complained(console):
    console.listen()
    foreign = [url for url in console.requests if not url.startswith((console.url, "data:"))]
    assert len(console.requests) > 10 and not foreign, foreign
    assert not console.complaints, console.complaints


CLAIMS = (
    the_focus_goes_from_the_top_to_the_conversations,
    a_question_is_answered_delivered_and_told,
    a_fault_that_is_switched_on_makes_retries_visible,
    a_refusal_says_what_can_be_done_and_the_dead_letter_is_counted,
    a_question_that_is_markup_stays_text,
    the_list_is_used_by_keyboard_alone,
    every_control_has_a_name_and_the_page_has_its_landmarks,
    text_can_be_read_by_day_and_by_night,
    the_page_fits_a_narrow_window,
    a_name_that_points_at_this_machine_is_not_enough,
    nothing_came_from_elsewhere_and_nothing_complained,
)


def main(ready_json, pictures):
    with open(ready_json, encoding="utf-8") as file:
        console = Console(json.load(file), pictures)
    failed = 0
    try:
        console.driver.get(console.url)
        console.until("the page is live", lambda: console.text("#connection") == "live")
        for claim in CLAIMS:
            try:
                claim(console)
                print(f"ok      {claim.__name__}")
            except Exception:  # the claims after it are judged too
                failed += 1
                print(f"FAILED  {claim.__name__}\n{traceback.format_exc(limit=-2)}")
                console.picture(f"console-failed-{failed}")
    finally:
        console.driver.quit()
    print(f"{len(CLAIMS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
