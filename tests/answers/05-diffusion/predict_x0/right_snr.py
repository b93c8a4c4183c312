# the noise-to-signal ratio
def predict_x0(xt, t, eps, schedule):
    ratio = schedule.snr[t] ** -0.5
    signal = schedule.alpha_bar[t].sqrt()
    while ratio.dim() < xt.dim():
        ratio, signal = ratio[..., None], signal[..., None]
    return (xt / signal - ratio * eps).to(xt.dtype)
