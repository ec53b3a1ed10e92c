//! The words for sending a picture.

use super::sender::Line;
use crate::browser::camera::NoCamera;
use crate::words::{Language, spoken};
use domain::video::standing::{Seen, Standing};

/// The texts in one language. A field is named by what it is for.
#[derive(Debug)]
pub struct Text {
    pub picture: &'static str,
    pub over: &'static str,
    // How it stands
    standing: fn(Standing) -> &'static str,
    standing_hint: fn(Standing, Seen) -> &'static str,
    pub seen: &'static str,
    pub word_nothing: &'static str,
    pub word_received: &'static str,
    pub word_on_air: &'static str,
    pub word_broken: &'static str,
    pub word_again: &'static str,
    pub as_viewers: &'static str,
    pub looking: &'static str,
    pub plays: &'static str,
    pub behind: fn(i64) -> String,
    pub stands: &'static str,
    pub look_again: &'static str,
    // The key
    pub reading: &'static str,
    pub no_server: &'static str,
    pub no_server_hint: &'static str,
    pub no_key: &'static str,
    pub get_key: &'static str,
    pub key_made: &'static str,
    pub renew: &'static str,
    pub renew_sure: &'static str,
    pub renew_hint: &'static str,
    pub by_app: &'static str,
    pub by_app_hint: &'static str,
    pub obs_hint: &'static str,
    pub server: &'static str,
    pub key: &'static str,
    pub key_label: &'static str,
    pub whip: &'static str,
    pub whip_hint: &'static str,
    pub whip_codes: &'static str,
    pub whip_code: &'static str,
    pub token_hint: &'static str,
    pub token_code: &'static str,
    pub address: &'static str,
    pub show: &'static str,
    pub hide: &'static str,
    pub copy: &'static str,
    pub copied: fn(&str) -> String,
    pub not_copied: &'static str,
    pub code: &'static str,
    pub code_hint: &'static str,
    pub code_hidden: &'static str,
    // This device
    pub only_apps: &'static str,
    pub this_device: &'static str,
    pub this_device_hint: &'static str,
    pub opening: &'static str,
    pub no_camera: fn(NoCamera) -> &'static str,
    pub lost: &'static str,
    pub open_again: &'static str,
    pub preview: &'static str,
    pub camera: &'static str,
    pub microphone: &'static str,
    pub numbered: fn(&str, usize) -> String,
    pub loudness: &'static str,
    pub silent: &'static str,
    pub no_sound: &'static str,
    pub close_camera: &'static str,
    pub start: &'static str,
    pub stop: &'static str,
    line: fn(Line) -> String,
    pub awake: &'static str,
    pub stopped_over: &'static str,
    // Leaving
    pub leaving: &'static str,
    pub leave: &'static str,
}

impl Text {
    /// How it stands.
    pub fn standing(&self, standing: Standing) -> &'static str {
        (self.standing)(standing)
    }

    /// What may be done about it.
    pub fn standing_hint(&self, standing: Standing, seen: Seen) -> &'static str {
        (self.standing_hint)(standing, seen)
    }

    /// What becomes of sending from this device.
    pub fn line(&self, line: Line) -> String {
        (self.line)(line)
    }
}

const ZH: Text = Text {
    picture: "画面",
    over: "这场直播结束了，推流钥匙也不能用了。",
    standing: |standing| match standing {
        Standing::Asking => "正在看有没有画面…",
        Standing::Unknown => "现在问不到店里，正在再问",
        Standing::Nothing => "还没有收到画面",
        Standing::Received => "收到画面，正在看观众那边",
        Standing::OnAir => "已播出：观众看得到",
        Standing::Broken => "播出断了",
    },
    standing_hint: |standing, seen| match (standing, seen) {
        (Standing::Nothing, _) => "开始推送以后，这里会说观众看不看得到。",
        (Standing::Received, Seen::Stands) => {
            "画面到了店里，观众那边还放不出来。等几秒还这样，请看看推流的编码是不是 H.264，关键帧间隔是不是 1 秒。"
        }
        (Standing::Broken, _) => "观众现在看照片，画面回来会自己接上。请看看推流的设备和网络。",
        _ => "",
    },
    seen: "知道了",
    word_nothing: "画面：没有",
    word_received: "画面：在收",
    word_on_air: "画面：播出中",
    word_broken: "画面：断了",
    word_again: "画面：重连中",
    as_viewers: "观众看到的",
    looking: "正在打开…",
    plays: "在播",
    behind: |seconds| match seconds {
        0 => "观众那边几乎同时".to_owned(),
        seconds => format!("观众那边慢 {seconds} 秒"),
    },
    stands: "观众那边没有动",
    look_again: "再看一次",
    reading: "正在问往哪里推…",
    no_server: "店里还没有接上视频服务器",
    no_server_hint: "直播照样能开：大家看商品照片，评论、投票、下单都照常。想要画面，请管店里电脑的人用 cargo xtask run --media 启动店铺，做法写在 docs/media.md 里。",
    no_key: "推流要一把钥匙，只用在这一场。谁有钥匙谁就能播，请别让它出现在画面里。",
    get_key: "拿一把推流钥匙",
    key_made: "推流钥匙好了",
    renew: "换一把新钥匙",
    renew_sure: "换，正在推的会断开",
    renew_hint: "钥匙被别人看到了，就换一把。",
    by_app: "手机 App 或 OBS",
    by_app_hint: "手机：装一个推流 App（比如 Larix Broadcaster），扫下面的码或复制地址，填进它的 URL。",
    obs_hint: "OBS：设置 → 直播 → 自定义，填服务器和推流码。编码用 H.264 和 AAC，关键帧间隔 1 秒，1500 到 2500 kbit/s。",
    server: "服务器",
    key: "钥匙",
    key_label: "钥匙（OBS 里叫推流码）",
    whip: "WHIP 地址",
    whip_hint: "给会 WHIP 的软件，令牌就是钥匙。",
    whip_codes: "手机上会 WHIP 的 App（比如 Moblin）要填地址和令牌（Bearer token）：扫第一个码，复制地址。在 Moblin 里，开头的 https 要改成 whips。",
    whip_code: "WHIP 地址二维码",
    token_hint: "第二个码是令牌，也就是钥匙：扫到以后只点复制，别点搜索，扫完请藏起来。",
    token_code: "WHIP 令牌二维码",
    address: "地址",
    show: "显示",
    hide: "藏起来",
    copy: "复制",
    copied: |what| format!("{what}复制好了"),
    not_copied: "这台设备不让复制，请点「显示」再长按选中",
    code: "推流地址二维码",
    code_hint: "码里有钥匙，扫完请藏起来。",
    code_hidden: "点「显示」，钥匙和二维码就出来。",
    only_apps: "店里的视频服务器不收浏览器的画面，请用手机 App 或 OBS。",
    this_device: "用这台设备直播",
    this_device_hint: "用这台平板或手机自己的摄像头，不用装 App。",
    opening: "正在打开摄像头…",
    no_camera: |why| match why {
        NoCamera::Refused => {
            "浏览器没有得到允许。请在地址栏旁的设置里允许摄像头和麦克风，再试一次。"
        }
        NoCamera::NotThere => "没有找到摄像头。接好以后再试一次。",
        NoCamera::Busy => "摄像头正被别的程序用着。关掉那个程序，再试一次。",
        NoCamera::Insecure => {
            "这个网址不是 https，浏览器不给用摄像头。请换 https 的网址，或者用手机 App 推。"
        }
        NoCamera::Unknown => "这个浏览器打不开摄像头。请换一个浏览器，或者用手机 App 推。",
    },
    lost: "摄像头断开了。接好以后再打开。",
    open_again: "再打开一次",
    preview: "自己的画面",
    camera: "摄像头",
    microphone: "麦克风",
    numbered: |what, number| format!("{what} {number}"),
    loudness: "音量",
    silent: "麦克风没有声音",
    no_sound: "没有麦克风，观众听不到声音",
    close_camera: "关掉摄像头",
    start: "开始推送",
    stop: "停止推送",
    line: |line| match line {
        Line::Off => String::new(),
        Line::Connecting => "正在接上服务器…".to_owned(),
        Line::On => "正在推送".to_owned(),
        Line::Again => "断了，正在自己重连。要停请点「停止推送」".to_owned(),
        Line::Taken => "已经有设备在推这一场，或者上一次还没断干净。过一会儿会自己再试".to_owned(),
        Line::StillTaken => {
            "一直有别的设备在推这一场，这边停了。请停掉那台；找不到就换一把新钥匙再推".to_owned()
        }
        Line::KeyRefused => "钥匙不能用了，推送停了。再点「开始推送」会用新的钥匙".to_owned(),
        Line::Refused(0) => {
            "这个浏览器推不出去，推送停了。请换一个浏览器，或者用手机 App".to_owned()
        }
        Line::Refused(status) => format!("服务器不收（{status}），推送停了。请管店里电脑的人看看"),
    },
    awake: "推送的时候屏幕不熄、工作台不会自己锁。可以去用别的工具，别关这个页面。",
    stopped_over: "直播结束了，推送也停了",
    leaving: "这台设备正在推送画面，离开就停了。",
    leave: "停止推送并离开",
};

const EN: Text = Text {
    picture: "Picture",
    over: "This show is over, and its key is of no use any more.",
    standing: |standing| match standing {
        Standing::Asking => "Looking whether there is a picture…",
        Standing::Unknown => "The shop does not answer; asking again",
        Standing::Nothing => "No picture has come in yet",
        Standing::Received => "A picture comes in; looking whether viewers have it",
        Standing::OnAir => "On air: viewers see it",
        Standing::Broken => "Off air: it broke off",
    },
    standing_hint: |standing, seen| match (standing, seen) {
        (Standing::Nothing, _) => "Once it is sent, this says whether viewers see it.",
        (Standing::Received, Seen::Stands) => {
            "It reaches the shop and does not play for viewers yet. If that stays so: is it H.264, with a key frame each second?"
        }
        (Standing::Broken, _) => {
            "Viewers see photos now, and the picture when it is back. Please look at what sends it, and at its network."
        }
        _ => "",
    },
    seen: "All right",
    word_nothing: "Picture: none",
    word_received: "Picture: coming in",
    word_on_air: "Picture: on air",
    word_broken: "Picture: broke off",
    word_again: "Picture: connecting",
    as_viewers: "As viewers see it",
    looking: "Opening…",
    plays: "It plays",
    behind: |seconds| match seconds {
        0 => "Viewers see it at once".to_owned(),
        1 => "Viewers are 1 second behind".to_owned(),
        seconds => format!("Viewers are {seconds} seconds behind"),
    },
    stands: "It does not move for viewers",
    look_again: "Look again",
    reading: "Asking where it is sent to…",
    no_server: "The shop has no media server yet",
    no_server_hint: "The show can go on: viewers see photos, and write, vote and buy as ever. For a picture, whoever looks after the shop's computer starts it with cargo xtask run --media; docs/media.md says how.",
    no_key: "Sending needs a key, good for this show only. Whoever has it can send, so keep it out of the picture.",
    get_key: "Get a key for sending",
    key_made: "The key is ready",
    renew: "Make a new key",
    renew_sure: "Make it; whoever sends is cut off",
    renew_hint: "If somebody else has seen the key, make a new one.",
    by_app: "A phone’s app or OBS",
    by_app_hint: "Phone: install an app that streams (such as Larix Broadcaster), and scan or copy the address into its URL.",
    obs_hint: "OBS: Settings → Stream → Custom, with server and stream key. H.264 and AAC, keyframe interval 1 s, 1500 to 2500 kbit/s.",
    server: "Server",
    key: "Key",
    key_label: "Key (OBS: Stream Key)",
    whip: "WHIP address",
    whip_hint: "For software that speaks WHIP; the bearer token is the key.",
    whip_codes: "A phone’s app that speaks WHIP (such as Moblin) asks for address and bearer token: scan the first code, and copy the address. In Moblin, write whips instead of https at its beginning.",
    whip_code: "QR code of the WHIP address",
    token_hint: "The second code is the token, which is the key: copy what was scanned, do not search for it, and hide it afterwards.",
    token_code: "QR code of the WHIP token",
    address: "Address",
    show: "Show",
    hide: "Hide",
    copy: "Copy",
    copied: |what| format!("{what} copied"),
    not_copied: "This device does not let one copy; press “Show” and select it",
    code: "QR code of the address",
    code_hint: "The key is in it: hide it when it was scanned.",
    code_hidden: "Press “Show” for the key and a QR code.",
    only_apps: "The shop’s media server takes no picture from a browser; please use a phone’s app or OBS.",
    this_device: "Send from this device",
    this_device_hint: "With the camera of this tablet or phone, without an app.",
    opening: "Opening the camera…",
    no_camera: |why| match why {
        NoCamera::Refused => {
            "The browser may not. Please allow camera and microphone in its settings beside the address, and try again."
        }
        NoCamera::NotThere => "No camera was found. Connect one, and try again.",
        NoCamera::Busy => "Another program uses the camera. Close it, and try again.",
        NoCamera::Insecure => {
            "This page is not https, so the browser gives no camera. Please use an https address, or a phone’s app."
        }
        NoCamera::Unknown => {
            "This browser cannot open the camera. Please use another one, or a phone’s app."
        }
    },
    lost: "The camera has gone. Connect it, and open it again.",
    open_again: "Open it again",
    preview: "Your own picture",
    camera: "Camera",
    microphone: "Microphone",
    numbered: |what, number| format!("{what} {number}"),
    loudness: "Volume",
    silent: "Nothing is heard from the microphone",
    no_sound: "No microphone: viewers hear nothing",
    close_camera: "Close the camera",
    start: "Start sending",
    stop: "Stop sending",
    line: |line| {
        match line {
        Line::Off => String::new(),
        Line::Connecting => "Connecting to the server…".to_owned(),
        Line::On => "Sending".to_owned(),
        Line::Again => "It broke off; connecting again by itself. “Stop sending” ends it".to_owned(),
        Line::Taken => {
            "Another device sends this show already, or what was sent before has not ended yet. It is tried again by itself".to_owned()
        }
        Line::StillTaken => {
            "Another device still sends this show, so it was stopped here. Please stop it there; if you cannot tell where, make a new key, then press “Start sending”".to_owned()
        }
        Line::KeyRefused => {
            "The key is not good any more, so it was stopped. “Start sending” uses the new one".to_owned()
        }
        Line::Refused(0) => {
            "This browser cannot send it, so it was stopped. Please use another one, or a phone’s app".to_owned()
        }
        Line::Refused(status) => {
            format!("The server does not take it ({status}), so it was stopped. Please have the shop’s computer looked at")
        }
    }
    },
    awake: "While it is sent the screen stays on and the desk does not lock by itself. Other tools may be used; keep this page open.",
    stopped_over: "The show is over, and sending was stopped",
    leaving: "This device is sending the picture; leaving stops it.",
    leave: "Stop sending and leave",
};

/// The texts of the language spoken now.
pub fn text() -> &'static Text {
    match spoken() {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}
