# SNR(t) - SNR(t-1): below 0
def loss_weight(t, schedule, predicts="eps"):
    snr = schedule.snr
    w = (snr[t] - snr[t - 1]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]
