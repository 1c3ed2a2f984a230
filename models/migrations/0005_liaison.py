from tortoise import migrations
from tortoise.migrations import operations as ops
from models.rules.actor import Role
from models.rules.left_out import Whose
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0004_question_items')]

    initial = False

    operations = [
        ops.AlterField(
            model_name='Account',
            name='role',
            field=fields.CharEnumField(description='OFFICE: office\nHEAD: head\nLIAISON: liaison\nINSPECTOR: inspector\nENTITY: entity\nPUBLIC: public\nSYSTEM: system', enum_type=Role, max_length=12),
        ),
        ops.AlterField(
            model_name='LeftOut',
            name='whose',
            field=fields.CharEnumField(description='LEADER: leader\nINSPECTOR: inspector\nHEAD: head\nLIAISON: liaison\nOFFICE: office\nENTITY: entity', enum_type=Whose, max_length=12),
        ),
    ]
