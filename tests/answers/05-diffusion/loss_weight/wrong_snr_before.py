# divided by the SNR of the step before
def loss_weight(t, schedule, predicts="eps"):
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t - 1], "v": w * (1 - schedule.alpha_bar[t])}[predicts]
