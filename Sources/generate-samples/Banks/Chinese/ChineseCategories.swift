/// Chinese products, parts, uses, delights and problems by category.
enum ChineseCategories {
    /// The lists, to be read by ``Bank``.
    static let text = """
        = home
        @product: 毛毯, 窗帘, 记忆枕, 四件套, 地垫, 台灯
        @part: 面料, 走线, 颜色, 填充物
        @use: 放卧室, 出租屋, 铺客厅
        @delight
        洗了几次都不掉色
        盖着特别暖和
        颜色跟墙很搭
        @problem
        掉毛掉得到处都是
        洗一次就缩水了
        线头一大堆
        = apparel
        @product: 卫衣, 牛仔裤, 连衣裙, 羽绒服, 睡衣, 衬衫
        @part: 拉链, 袖子, 腰围, 扣子
        @use: 上班, 参加婚礼, 健身
        @delight
        版型很显瘦
        穿着特别舒服
        洗完没有变形
        @problem
        尺码偏小两个号
        起球起得厉害
        下水就掉色
        = wireless
        @product: 手机壳, 充电宝, 数据线, 蓝牙耳机, 车载支架, 钢化膜
        @part: 接口, 按键, 电池, 磁吸
        @use: 上下班路上, 出差, 开车
        @delight
        连接速度很快
        充一次能用三天
        摔了几次手机都没事
        @problem
        充电时断时续
        发烫得厉害
        通话有杂音
        = beauty
        @product: 面霜, 口红, 粉底液, 睫毛膏, 精华, 卷发棒
        @part: 味道, 泵头, 质地, 色号
        @use: 日常化妆, 换季保湿, 约会
        @delight
        皮肤一整天都很水润
        带妆八小时没有脱
        颜色很衬肤色
        @problem
        脸上又红又痒
        到中午就结块了
        泵头压不出来
        = drugstore
        @product: 维生素, 护膝, 热敷袋, 止咳糖浆, 益生菌, 体温计
        @part: 味道, 绑带, 包装, 刻度
        @use: 给老人, 换季, 出差备用
        @delight
        吃了一周睡得好多了
        膝盖爬楼不疼了
        没有怪味
        @problem
        吃完肚子不舒服
        一瓶吃完没任何变化
        封口是开的
        = kitchen
        @product: 不粘锅, 菜刀, 电水壶, 榨汁机, 砧板, 电子秤
        @part: 锅盖, 手柄, 涂层, 底座
        @use: 做早饭, 烘焙, 小厨房
        @delight
        煎蛋一点都不粘
        清洗特别方便
        受热很均匀
        @problem
        涂层开始掉了
        用一次就生锈
        底部漏水
        = toy
        @product: 积木, 拼图, 遥控车, 毛绒熊, 桌游, 过家家玩具
        @part: 零件, 遥控器, 轮子, 贴纸
        @use: 孩子生日, 幼儿园活动, 下雨天
        @delight
        孩子能玩一下午
        小朋友睡觉都抱着
        做工没有毛刺
        @problem
        少了好几块
        轮子第一天就掉了
        孩子玩十分钟就不理了
        = other
        @product: 气球套装, 横幅, 挂历, 钥匙扣, 贺卡盒
        @part: 印刷, 绳子, 胶, 边角
        @use: 布置生日会, 公司年会
        @delight
        布置出来特别有气氛
        拍照很好看
        @problem
        胶根本粘不住
        字印错了一个
        = sports
        @product: 瑜伽垫, 跳绳, 帐篷, 水壶, 泳镜, 哑铃
        @part: 手柄, 拉链, 密封圈, 带子
        @use: 跑步, 露营, 在家锻炼
        @delight
        出汗也不滑
        下大雨里面都是干的
        游一小时不起雾
        @problem
        练到一半断了
        漏水漏一包
        味道三天散不掉
        = automotive
        @product: 脚垫, 行车记录仪, 充气泵, 雨刷, 坐垫
        @part: 吸盘, 卡扣, 线, 胶条
        @use: 老车, 跑长途, 冬天
        @delight
        装上去刚刚好
        大雨天刮得干干净净
        晚上车牌都看得清
        @problem
        尺寸对不上
        天一热就掉下来
        一个月就不亮了
        = lawn_and_garden
        @product: 水管, 太阳能灯, 修枝剪, 喷壶, 花架
        @part: 接头, 喷头, 弹簧, 面板
        @use: 种阳台的番茄, 浇花, 院子
        @delight
        亮到天亮都没问题
        剪粗枝毫不费力
        @problem
        接头一直滴水
        下一场雨就不亮了
        = home_improvement
        @product: 水龙头, 门锁, 吸顶灯, 花洒, 钻头套装
        @part: 垫圈, 螺丝, 软管, 支架
        @use: 装修卫生间, 换旧的
        @delight
        自己十分钟就装好了
        水压明显变大
        @problem
        第一天就漏水
        螺丝滑牙
        = pet_products
        @product: 狗窝, 猫爬架, 牵引绳, 饮水机, 猫砂垫
        @part: 扣子, 水泵, 填充, 底座
        @use: 家里的金毛, 两只猫, 新来的小狗
        @delight
        猫一来就躺上去了
        狗狗不再爆冲
        @problem
        十分钟就被咬烂了
        猫完全不理
        = digital_ebook_purchase
        @consumed
        yes
        @product: 推理小说, 言情小说, 菜谱电子书, 回忆录
        @part: 结局, 人物, 节奏, 排版
        @use: 坐地铁看, 睡前看
        @delight
        一口气看到凌晨三点
        结局完全没猜到
        @problem
        错别字太多
        看到第四章就弃了
        = pc
        @product: 键盘, 无线鼠标, 移动硬盘, 摄像头, 路由器
        @part: 按键, 滚轮, 接口, 驱动
        @use: 在家办公, 打游戏, 上网课
        @delight
        插上就能用
        手感很安静
        @problem
        隔几分钟就断一次
        滚轮乱跳
        = electronics
        @product: 蓝牙音箱, 闹钟, 遥控器, 投影仪, 耳机
        @part: 电池, 音量键, 屏幕, 低音
        @use: 厨房听歌, 看电影
        @delight
        整个屋子都听得清
        充一次能放一个周末
        @problem
        四十分钟就没电
        一直有电流声
        = office_product
        @product: 中性笔, 订书机, 碎纸机, 记事本, 标签机
        @part: 笔芯, 纸张, 弹簧, 胶
        @use: 教室, 报税, 办公桌
        @delight
        写起来很顺滑
        桌子终于整齐了
        @problem
        一半的笔写不出来
        放三张纸就卡
        = shoes
        @product: 跑鞋, 登山靴, 凉鞋, 拖鞋, 雨靴
        @part: 鞋底, 鞋带, 鞋垫, 后跟
        @use: 站一天上班, 爬山, 遛狗
        @delight
        走了两万步脚不疼
        刚穿就合脚
        @problem
        鞋底开胶了
        后跟磨破皮
        = personal_care_appliances
        @product: 剃须刀, 吹风机, 电动牙刷, 足浴盆
        @part: 刀头, 电机, 电源线, 档位
        @use: 出差, 给老公, 每天早上
        @delight
        四分钟头发就干了
        刮完不红不疼
        @problem
        夹胡子
        电机有焦味
        = baby_product
        @product: 奶瓶, 婴儿背带, 餐椅, 监视器, 抱被
        @part: 背带, 奶嘴, 托盘, 摄像头
        @use: 家里新生儿, 双胞胎, 夜里喂奶
        @delight
        宝宝一觉睡五个小时
        一只手就能操作
        @problem
        漏奶漏一身
        里面发霉了
        = book
        @product: 绘本, 历史书, 练习册, 传记, 涂色书
        @part: 装订, 插图, 纸张, 字体
        @use: 给孩子, 考试复习, 读书会
        @delight
        孩子每晚都要听
        一天就读完了
        @problem
        翻开就掉页
        中间有一章印重了
        = furniture
        @product: 书架, 办公椅, 茶几, 鞋柜
        @part: 桌腿, 抽屉, 螺丝, 靠背
        @use: 书房, 租的房子
        @delight
        孔位全都对得上
        坐一天腰不酸
        @problem
        一条腿短一截
        板子装的时候就裂了
        = grocery
        @consumed
        yes
        @product: 咖啡, 绿茶, 坚果, 蜂蜜, 辣酱
        @part: 味道, 包装, 口感, 甜度
        @use: 带去办公室, 送礼
        @delight
        两天就吃完了
        是小时候的味道
        @problem
        一打开就不新鲜
        罐子碎了一箱子都是
        = jewelry
        @product: 项链, 耳钉, 手链, 戒指
        @part: 扣子, 链子, 镶石, 光泽
        @use: 纪念日, 天天戴
        @delight
        戴着洗澡也没变色
        灯光下特别闪
        @problem
        戴一天手指就绿了
        石头掉了
        = watch
        @product: 手表, 运动手环, 表带
        @part: 表带, 表盘, 表扣, 电池
        @use: 上班戴, 跑步
        @delight
        三个月一秒没差
        晚上看得很清楚
        @problem
        每天快十分钟
        洗个手就进水起雾
        = luggage
        @product: 登机箱, 双肩包, 行李袋
        @part: 拉链, 轮子, 拉杆, 内衬
        @use: 出国两周, 出差
        @delight
        推起来没有声音
        十天的衣服都装得下
        @problem
        还没出机场轮子就掉了
        拉杆卡在一半
        = industrial_supplies
        @product: 丁腈手套, 游标卡尺, 管件, 防护面罩滤芯
        @part: 螺纹, 刻度, 涂层, 密封
        @use: 车间, 喷漆
        @delight
        跟校准过的量具一样准
        泡一天溶剂都没事
        @problem
        一戴就破
        螺纹拧不进去
        = musical_instruments
        @product: 吉他, 尤克里里, 调音器, 琴架
        @part: 琴颈, 琴弦, 旋钮, 支脚
        @use: 初学, 演出
        @delight
        弹一晚上音都不跑
        音色越来越好
        @problem
        弹两首就跑音
        三品打品
        = camera
        @product: 三脚架, 存储卡, 相机包, 监控摄像头
        @part: 云台, 镜头, 卡扣, 软件
        @use: 拍鸟, 看门口
        @delight
        夜里也能看清人脸
        长曝光很稳
        @problem
        一整天的照片都丢了
        有人不报，树叶动就报
        = video_games
        @product: 手柄, 赛车游戏, 游戏耳机
        @part: 摇杆, 按键, 剧情, 画面
        @use: 周末, 跟孩子一起玩
        @delight
        一玩就是一整个周末
        全家终于能一起玩
        @problem
        摇杆自己漂移
        存档没了
        = digital_video_download
        @consumed
        yes
        @product: 纪录片, 动作片, 儿童电影
        @part: 结局, 字幕, 配音, 剧情
        @use: 周末看, 陪孩子看
        @delight
        全程没看手机
        孩子连看了三遍
        @problem
        半小时就睡着了
        声音和口型对不上
        """
}
